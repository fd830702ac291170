import { odata, type TableClient } from "@azure/data-tables";
import { z } from "zod";
import { shared } from "../shared.ts";
import { unavailable } from "./tables.ts";

/** Everything that is read before anything is decided lies in one partition: one call reads it. */
const PARTITION = "ground";
const AGENT = "agent:";

/** Where the trust list lies: published by operators, read with every request. */
export const TRUST_ROW = { partitionKey: PARTITION, rowKey: "trust" } as const;
/** Where the settings of the tenant lie. */
export const SETTINGS_ROW = { partitionKey: PARTITION, rowKey: "settings" } as const;
/** Says that nothing is to be written for a while. */
export const STOP_ROW = { partitionKey: PARTITION, rowKey: "stop" } as const;
/** Where an agent's last heartbeat lies. */
export const agentRow = (connector: string, id: string) => ({
  partitionKey: PARTITION,
  rowKey: `${AGENT}${connector}:${id}`,
});
/** Filter for all of them: the semicolon follows the colon. */
export const AGENT_ROWS = [
  odata`PartitionKey eq ${PARTITION}`,
  odata`RowKey ge ${AGENT}`,
  odata`RowKey lt ${AGENT.replace(":", ";")}`,
].join(" and ");

export type Row = Readonly<Record<string, unknown>> & { readonly etag: string };

/** The rows as they are; what is in them is judged by who uses them. */
export interface GroundRows {
  /** The trust list as it was signed; undefined before the first one was published. */
  readonly trustList: string | undefined;
  /** Undefined as long as nobody has set anything. */
  readonly settings: Row | undefined;
  /** Undefined as long as writes have never been stopped. */
  readonly stop: Row | undefined;
  readonly agents: readonly Row[];
}

const entity = z.looseObject({ rowKey: z.string(), etag: z.string() });

/**
 * Reads them all in one call, which whoever asks meanwhile shares.
 * @returns a function that throws ApiError `recordsUnavailable`
 */
export const groundReader = (table: TableClient): (() => Promise<GroundRows>) =>
  shared(async () => {
    const rows = new Map<string, Row>();
    const queryOptions = { filter: odata`PartitionKey eq ${PARTITION}` };
    try {
      for await (const found of table.listEntities({ queryOptions })) {
        const row = entity.parse(found);
        rows.set(row.rowKey, row);
      }
    } catch (error) {
      throw unavailable(error);
    }
    const jws = rows.get(TRUST_ROW.rowKey)?.jws;
    return {
      trustList: typeof jws === "string" ? jws : undefined,
      settings: rows.get(SETTINGS_ROW.rowKey),
      stop: rows.get(STOP_ROW.rowKey),
      agents: [...rows].filter(([key]) => key.startsWith(AGENT)).map(([, row]) => row),
    };
  });

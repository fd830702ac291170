import { odata, type TableClient } from "@azure/data-tables";
import type { TrustedAgent } from "@password-writeback/protocol/trustList.ts";
import { AGENT_ROWS, agentRow } from "./groundRows.ts";
import { isStale, type Tables, unavailable } from "./tables.ts";

/**
 * Milliseconds after its last change at which a row goes. Records are kept for 24 hours; the hour
 * more is for clocks that disagree.
 */
const KEEP_MS = 25 * 3_600_000;
/** Milliseconds that one run may take; the next one goes on. Below the host's limit. */
const RUN_MS = 60_000;
/** Rows that are deleted at once. */
const AT_ONCE = 50;

/** The agents that the trust list names. @throws ApiError `trustListUnavailable` */
export type ListedAgents = () => Promise<readonly Pick<TrustedAgent, "connector" | "id">[]>;

/**
 * Deletes the records that nobody may ask for any more, whatever they say: reservations first,
 * since none may point to an operation that is gone. Of agents, what those said last that the
 * trust list does not name.
 * @param now milliseconds since 1970
 * @returns how many were deleted
 * @throws ApiError `recordsUnavailable`
 */
export async function purge(
  tables: Tables,
  listed: ListedAgents,
  now: () => number,
): Promise<number> {
  const until = now() + RUN_MS;
  let rows = 0;
  const unused = odata`Timestamp lt ${new Date(now() - KEEP_MS)}`;
  const all = async (page: Row[]): Promise<Row[]> => page;
  const unlisted = async (page: Row[]): Promise<Row[]> => {
    const kept = new Set(
      (await listed()).map(({ connector, id }) => agentRow(connector, id).rowKey),
    );
    return page.filter(({ rowKey = "" }) => !kept.has(rowKey));
  };
  const filters: readonly (readonly [TableClient, string, typeof all])[] = [
    [tables.reservations, unused, all],
    [tables.unresolved, unused, all],
    [tables.operations, unused, all],
    // Counters say themselves until when they count.
    [tables.throttle, odata`until lt ${new Date(now())}`, all],
    [tables.ground, `${AGENT_ROWS} and ${unused}`, unlisted],
  ];
  for (const [table, filter, chosen] of filters) {
    try {
      for await (const page of oldRows(table, filter)) {
        rows += await remove(table, await chosen(page));
        if (now() > until) return rows;
      }
    } catch (error) {
      throw unavailable(error);
    }
  }
  return rows;
}

const oldRows = (table: TableClient, filter: string) =>
  table
    .listEntities({ queryOptions: { filter, select: ["PartitionKey", "RowKey"] } })
    .byPage({ maxPageSize: AT_ONCE });

interface Row {
  readonly partitionKey?: string;
  readonly rowKey?: string;
  readonly etag: string;
}

/** One that was written again in the meantime stays: it is somebody's new one. */
async function remove(table: TableClient, page: readonly Row[]): Promise<number> {
  const removed = await Promise.all(
    page.map(async ({ partitionKey = "", rowKey = "", etag }) => {
      try {
        await table.deleteEntity(partitionKey, rowKey, { etag });
        return true;
      } catch (error) {
        if (isStale(error)) return false;
        throw error;
      }
    }),
  );
  return removed.filter(Boolean).length;
}

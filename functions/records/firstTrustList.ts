import type { TableClient } from "@azure/data-tables";
import { z } from "zod";
import { OLD_TABLES } from "./tableDescriptions.ts";
import { orMissing } from "./tables.ts";

/** Where functions of the first version read the trust list; operators put none there any more. */
export const FIRST_TRUST_TABLE = OLD_TABLES.trust.name;
export const FIRST_TRUST_ROW = { partitionKey: "trust", rowKey: "current" } as const;

const row = z.object({ jws: z.string() });

/**
 * Reads the list that was in force under the first version, until operators publish one in today's
 * place: so an upgrade waits for nobody. It is verified like any other.
 * @returns a function that gives undefined where there is none, and throws ApiError
 * `recordsUnavailable`
 */
export const firstTrustList = (table: TableClient) => async (): Promise<string | undefined> => {
  const { partitionKey, rowKey } = FIRST_TRUST_ROW;
  return row.safeParse(await orMissing(table.getEntity(partitionKey, rowKey))).data?.jws;
};

import { odata, type TableClient } from "@azure/data-tables";
import { auditPartition } from "./auditKeys.ts";
import { unavailable } from "./tables.ts";

const DAY_MS = 86_400_000;
/** Milliseconds that one run may take; the next one goes on. Below the host's limit. */
const RUN_MS = 60_000;
/** Rows of one transaction, at most (Data Tables). */
const AT_ONCE = 100;

interface Row {
  readonly partitionKey?: string;
  readonly rowKey?: string;
}

/**
 * What day it is by the table service too: a host whose clock is ahead must not delete what is not
 * over age.
 * @throws ApiError `recordsUnavailable`: also where the service does not say
 */
async function timeOf(table: TableClient): Promise<number> {
  let date: string | undefined;
  const page = table
    .listEntities({
      queryOptions: { select: ["PartitionKey"] },
      onResponse: ({ headers }) => {
        date = headers.get("date");
      },
    })
    .byPage({ maxPageSize: 1 });
  try {
    await page.next();
  } catch (error) {
    throw unavailable(error);
  }
  const time = Date.parse(date ?? "");
  if (Number.isNaN(time)) throw unavailable(new TypeError("no date"));
  return time;
}

/**
 * Deletes the audit records of the days that are kept no longer, whole days only. The one place
 * where audit records are deleted; none is ever changed.
 * @param days that are kept, today left out
 * @param now milliseconds since 1970, by this host
 * @returns how many were deleted
 * @throws ApiError `recordsUnavailable`
 */
export async function purgeAudit(
  table: TableClient,
  days: number,
  now: () => number,
): Promise<number> {
  const today = Math.min(now(), await timeOf(table));
  const oldest = auditPartition(today - days * DAY_MS);
  const until = now() + RUN_MS;
  const pages = table
    .listEntities({
      queryOptions: {
        filter: odata`PartitionKey gt ${oldest}`,
        select: ["PartitionKey", "RowKey"],
      },
    })
    .byPage({ maxPageSize: AT_ONCE });
  let rows = 0;
  try {
    for await (const page of pages) {
      for (const day of byDay(page)) {
        await table.submitTransaction(day.map((row) => ["delete", row]));
        rows += day.length;
      }
      if (now() > until) break;
    }
  } catch (error) {
    throw unavailable(error);
  }
  return rows;
}

/** A transaction is of one partition. */
function byDay(page: readonly Row[]): { partitionKey: string; rowKey: string }[][] {
  const days = new Map<string, { partitionKey: string; rowKey: string }[]>();
  for (const { partitionKey = "", rowKey = "" } of page)
    days.set(partitionKey, [...(days.get(partitionKey) ?? []), { partitionKey, rowKey }]);
  return [...days.values()];
}

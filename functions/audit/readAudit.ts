import type { AuditRecords } from "../records/auditRecords.ts";
import type { AuditQuery } from "./auditQuery.ts";
import type { AuditRecord } from "./auditRecord.ts";

/**
 * Calls of the table for one answer, at most: what matches nothing must not be looked for for ever.
 */
const CALLS = 10;
/** Milliseconds after which no further call is made. */
const READ_MS = 8_000;

export interface ReadAudit {
  readonly records: readonly AuditRecord[];
  /** Rows that were passed over because they are no records. */
  readonly unreadable: number;
  /** Where the next answer goes on, for the table client. */
  readonly next: string | undefined;
}

/**
 * Reads until the answer is full, the list has ended, or enough has been looked through; then the
 * answer may hold few records or none, and still say where it goes on.
 * @param now milliseconds since 1970
 * @throws ApiError `recordsUnavailable`
 */
export async function readAudit(
  { filter, top, start }: AuditQuery,
  table: Pick<AuditRecords, "page">,
  now: () => number,
): Promise<ReadAudit> {
  const until = now() + READ_MS;
  const records: AuditRecord[] = [];
  let unreadable = 0;
  let next = start;
  for (let call = 0; call < CALLS && now() < until; call += 1) {
    const page = await table.page(filter, top - records.length, next);
    records.push(...page.records);
    unreadable += page.unreadable;
    next = page.next;
    if (next === undefined || records.length >= top) break;
  }
  return { records, unreadable, next };
}

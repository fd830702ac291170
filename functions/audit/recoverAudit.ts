import type { Log } from "../log.ts";
import type { AuditRecords } from "../records/auditRecords.ts";
import { type Operation, UNKNOWN_AFTER_MS } from "../records/operation.ts";
import type { Operations } from "../records/operations.ts";
import { lateId, recordOfLateOutcome, recordOfOperation } from "./recordOfOperation.ts";

/** Milliseconds that a call has for its own record, after its operation has ended. */
const OWN_MS = 5 * 60_000;
/** Milliseconds that operations are kept, and that clocks may differ. */
const KEPT_MS = 26 * 3_600_000;
/** Milliseconds that one run may take; the next one goes on. Below the host's limit. */
const RUN_MS = 60_000;

interface Stores {
  readonly operations: Pick<Operations, "all">;
  readonly auditRecords: Pick<AuditRecords, "add" | "ids">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Writes the records that operations should have and do not: of instances that died between the
 * send and the record, and of times at which the table could not be written. Writing one that is
 * there after all changes nothing.
 * @returns how many were written
 * @throws ApiError `recordsUnavailable`
 */
export async function recoverAudit(
  { operations, auditRecords, now }: Stores,
  log: Log,
): Promise<number> {
  const started = now();
  const known = await auditRecords.ids(started - KEPT_MS, started + KEPT_MS);
  let rows = 0;
  for await (const operation of operations.all()) {
    if (now() > started + RUN_MS) break;
    for (const record of missing(operation, known, started)) {
      await auditRecords.add(record);
      log.info("auditRecovered", { operationId: operation.id, requestId: operation.trackingId });
      rows += 1;
    }
  }
  return rows;
}

function missing(operation: Operation, known: ReadonlySet<string>, now: number) {
  const { id, late, status, createdAt, lastActionAt } = operation;
  const isDue =
    status === "running" ? now - createdAt > UNKNOWN_AFTER_MS : now - lastActionAt > OWN_MS;
  if (!isDue) return [];
  return [
    ...(known.has(id) ? [] : [recordOfOperation(operation)]),
    ...(late && !known.has(lateId(operation)) ? [recordOfLateOutcome(operation)] : []),
  ];
}

import { within } from "@password-writeback/protocol/within.ts";
import type { Log } from "../log.ts";
import type { AuditRecords } from "../records/auditRecords.ts";
import { auditLogFields } from "./auditLogFields.ts";
import type { AuditRecord } from "./auditRecord.ts";
import { RefusalLimit } from "./refusalLimit.ts";

/** Milliseconds that a caller waits for its record to be written. */
const WRITE_MS = 2_000;

/** Where everything that was asked, decided and done is written down. */
export class Audit {
  private readonly records: AuditRecords;
  private readonly refusals: RefusalLimit;

  /** @param now milliseconds since 1970 */
  constructor(records: AuditRecords, now: () => number) {
    this.records = records;
    this.refusals = new RefusalLimit(now);
  }

  /**
   * Writes a record twice: as a log event, and as a row. Never throws: what was done was done, and
   * its caller is told so; that there is no row is an alert, and a timer makes up for it where
   * there was an operation.
   */
  async write(record: AuditRecord, log: Log): Promise<void> {
    log.info("audit", auditLogFields(record));
    if (!this.refusals.admits(record)) return;
    await within(WRITE_MS, this.records.add(record)).catch((error: Error) =>
      log.error("auditNotWritten", {
        requestId: record.requestId,
        operationId: record.operationId,
        cause: error.cause instanceof Error ? error.cause.name : error.name,
      }),
    );
  }
}

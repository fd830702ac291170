import type { AuditRecord } from "./auditRecord.ts";

/** Records of one kind that are kept within a minute, by each instance. */
const MOST = 10;
const MINUTE_MS = 60_000;
/** Kinds that are remembered; with more of them within a minute it begins anew. */
const KINDS = 10_000;

/**
 * Bounds what a caller can make the table grow by with calls that do nothing: of refusals (and
 * repeats) of one caller with one reason on one person ten a minute are kept. What was carried out
 * is always kept.
 */
export class RefusalLimit {
  private readonly now: () => number;
  private readonly counts = new Map<string, number>();
  private minute = 0;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Whether a record is to be kept. */
  admits(record: AuditRecord): boolean {
    const didNothing = record.replayed || (record.reason !== undefined && !record.operationId);
    if (!didNothing) return true;
    const minute = Math.floor(this.now() / MINUTE_MS);
    if (minute !== this.minute || this.counts.size >= KINDS) this.counts.clear();
    this.minute = minute;
    const { actorId, application, activity, reason, operationId } = record;
    // Who may not ask at all may name as many people as they like.
    const aimedAt = reason === "accessDenied" ? undefined : record.targetId;
    const kind = JSON.stringify([actorId, application, activity, reason, aimedAt, operationId]);
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return count <= MOST;
  }
}

import type { LogFields } from "../log.ts";
import type { AuditRecord } from "./auditRecord.ts";

/** A record as one log event: every member, under the names that all log records have. */
export const auditLogFields = ({
  id,
  at,
  actorKind,
  actorId,
  type: _,
  changes,
  ...same
}: AuditRecord): LogFields => ({
  ...same,
  auditId: id,
  activityDateTime: new Date(at).toISOString(),
  callerKind: actorKind,
  callerId: actorId,
  changes: changes && JSON.stringify(changes),
});

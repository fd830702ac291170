import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import type { Caller } from "../access/caller.ts";
import type { CallIds } from "../http/callIds.ts";
import type { Changed, TrailFacts } from "../http/trail.ts";
import { ACTIVITIES, type Activity } from "./activity.ts";
import type { AuditRecord } from "./auditRecord.ts";

/** What is known of a call when it has been let in. */
export interface AuditedCall {
  readonly activity: Activity;
  readonly caller: Caller;
  readonly ids: CallIds;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
  readonly address: string | undefined;
}

/** The refusal that Microsoft Entra records as an activity of its own, whose success it is. */
const BLOCKED: ErrorCode = "resetLimitReached";

/** Characters of all values of all changes of one record: a property of a table has its limit. */
const CHANGES_LENGTH = 12_000;
const VALUE_LENGTH = 2_000;

/**
 * The record of a call that has ended.
 * @param code with which the call was refused; undefined where it was not
 */
export function recordOfCall(
  { activity, caller, ids, arrivedAt, address }: AuditedCall,
  facts: TrailFacts,
  code: string | undefined,
): AuditRecord {
  const { startedAt, status: _, code: __, changes, ...told } = facts;
  const { operationId, replayed, targetId, targetName, origin } = facts;
  const ended = endOf(facts, code);
  const isBlocked = ended.reason === BLOCKED && (origin === "self" || origin === "portal");
  const { name, category, type } = isBlocked ? ACTIVITIES.blocked : activity;
  const isOfOperation = operationId !== undefined && startedAt !== undefined && !replayed;
  return {
    ...told,
    id: isOfOperation ? operationId : ids.requestId,
    at: isOfOperation ? startedAt : arrivedAt,
    ...{ activity: name, category, type },
    ...(isBlocked ? { result: "success", reason: ended.reason } : ended),
    actorKind: caller.kind,
    actorId: caller.id,
    actorName: caller.name ?? (caller.id === targetId ? targetName : undefined),
    application: caller.application,
    tokenId: caller.tokenId,
    address,
    requestId: ids.requestId,
    clientRequestId: ids.clientRequestId,
    changes: changes && withinLimits(changes),
  };
}

function endOf(
  { status, code: reason }: TrailFacts,
  refused: string | undefined,
): Pick<AuditRecord, "result" | "reason"> {
  if (status === "failed") return { result: "failure", reason };
  if (status === "running" || refused === "outcomeUnknown")
    return { result: "timeout", reason: "outcomeUnknown" };
  if (refused === undefined || status === "succeeded") return { result: "success" };
  return { result: "failure", reason: refused };
}

function withinLimits(changes: readonly Changed[]): Changed[] {
  const room = Math.min(VALUE_LENGTH, Math.floor(CHANGES_LENGTH / Math.max(1, changes.length)));
  const cut = (value: string | undefined) =>
    value !== undefined && value.length > room ? `${value.slice(0, room)}…` : value;
  return changes.map(({ name, before, after }) => {
    const [old, next] = [cut(before), cut(after)];
    return {
      name,
      ...(old !== undefined && { before: old }),
      ...(next !== undefined && { after: next }),
    };
  });
}

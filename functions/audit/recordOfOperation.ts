import type { Operation } from "../records/operation.ts";
import { activityOf } from "./activity.ts";
import type { AuditRecord } from "./auditRecord.ts";

/** Members that both kinds of record made of an operation alone have in common. */
function factsOf(operation: Operation) {
  const { name, category, type } = activityOf(operation.operation, operation.origin);
  const { callerId, targetId, targetName, origin, connector, proof } = operation;
  const isApplication = origin === "portal" || origin === "automation";
  return {
    ...{ activity: name, category, type },
    actorKind: operation.callerKind ?? (isApplication ? "application" : "user"),
    actorId: callerId,
    actorName: operation.callerName ?? (callerId === targetId ? targetName : undefined),
    application: operation.application,
    tokenId: operation.tokenId,
    targetId: targetId === "" ? undefined : targetId,
    targetName,
    address: operation.address,
    requestId: operation.trackingId,
    clientRequestId: operation.clientRequestId,
    operationId: operation.id,
    operation: operation.operation,
    ...{ origin, connector, proof },
  } as const;
}

const endOf = ({ status, code }: Operation): Pick<AuditRecord, "result" | "reason"> => {
  if (status === "running") return { result: "timeout", reason: "outcomeUnknown" };
  return status === "failed" ? { result: "failure", reason: code } : { result: "success" };
};

const evidenceOf = ({ agent, server, keyVersionBefore, keyVersionAfter }: Operation) => ({
  ...{ agent, server, keyVersionBefore, keyVersionAfter },
});

/** Id of the record that corrects an operation's first one. */
export const lateId = ({ id }: Pick<Operation, "id">): string => `${id}-late`;

/**
 * The first record of an operation whose call has left none, because its instance died or the
 * table could not be written. What came too late for the call is not in it.
 */
export const recordOfOperation = (operation: Operation): AuditRecord => ({
  ...factsOf(operation),
  id: operation.id,
  at: operation.createdAt,
  ...(operation.late
    ? endOf({ ...operation, status: "running" })
    : { ...endOf(operation), ...evidenceOf(operation) }),
  recovered: true,
});

/** The record of what an agent told after the call had ended: it corrects the first one. */
export const recordOfLateOutcome = (operation: Operation): AuditRecord => ({
  ...factsOf(operation),
  id: lateId(operation),
  at: operation.lastActionAt,
  ...endOf(operation),
  ...evidenceOf(operation),
  corrects: operation.id,
});

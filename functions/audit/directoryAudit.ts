import type { AuditRecord } from "./auditRecord.ts";

/** Microsoft Graph's name of the service that records such activities. */
const SERVICE = "Self-service Password Management";

/** A record as Microsoft Graph's `directoryAudit`; what Graph has no member for is a detail. */
export function directoryAudit(record: AuditRecord) {
  const { id, at, activity, category, result, reason, requestId, type } = record;
  return {
    id,
    category,
    correlationId: requestId,
    result,
    resultReason: reason ?? "",
    activityDisplayName: activity,
    activityDateTime: new Date(at).toISOString(),
    loggedByService: SERVICE,
    operationType: type,
    initiatedBy: initiatorOf(record),
    targetResources: targetsOf(record),
    additionalDetails: detailsOf(record),
  };
}

function initiatorOf({ actorKind, actorId, actorName, application, address }: AuditRecord) {
  if (actorKind === "user")
    return {
      user: {
        id: actorId,
        displayName: null,
        userPrincipalName: actorName ?? null,
        ipAddress: address ?? null,
      },
      app: null,
    };
  return {
    user: null,
    app: {
      appId: application ?? null,
      displayName: null,
      servicePrincipalId: actorId,
      servicePrincipalName: null,
    },
  };
}

function targetsOf({ targetId, targetName, changes = [], category }: AuditRecord) {
  if (targetId === undefined && changes.length === 0) return [];
  const modifiedProperties = changes.map(({ name, before, after }) => ({
    displayName: name,
    oldValue: before ?? null,
    newValue: after ?? null,
  }));
  return [
    {
      id: targetId ?? null,
      displayName: null,
      type: category === "UserManagement" ? "User" : "Directory",
      userPrincipalName: targetName ?? null,
      groupType: null,
      modifiedProperties,
    },
  ];
}

/** Key and value; what is not known is left out. */
function detailsOf(record: AuditRecord): { key: string; value: string }[] {
  const { actorKind, application, address } = record;
  const values: [string, string | number | boolean | undefined][] = [
    // Microsoft's names of agents are those of its own products.
    ["OnPremisesAgent", record.agent === undefined ? "None" : "PasswordWriteback"],
    ["AgentId", record.agent],
    ["Connector", record.connector],
    ["DomainController", record.server],
    ["KeyVersionBefore", record.keyVersionBefore],
    ["KeyVersionAfter", record.keyVersionAfter],
    ["OperationId", record.operationId],
    ["Operation", record.operation],
    ["Origin", record.origin],
    ["Proof", record.proof],
    ["ClientRequestId", record.clientRequestId],
    ["ClientId", actorKind === "user" ? application : undefined],
    ["IpAddress", actorKind === "application" ? address : undefined],
    ["TokenId", record.tokenId],
    ["Replayed", record.replayed],
    ["Corrects", record.corrects],
    ["Recovered", record.recovered],
  ];
  return values.flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: String(value) }],
  );
}

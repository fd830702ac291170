import { ACTIVITIES } from "../../../../functions/audit/activity.ts";
import { auditLogFields } from "../../../../functions/audit/auditLogFields.ts";
import { directoryAudit } from "../../../../functions/audit/directoryAudit.ts";
import { type AuditedCall, recordOfCall } from "../../../../functions/audit/recordOfCall.ts";
import { trailOf } from "../../../../functions/audit/trailOf.ts";
import type { TrailFacts } from "../../../../functions/http/trail.ts";
import { AT, OPERATION_ID, operationWith, USER } from "../writeback/call.ts";

const REQUEST_ID = "11111111-2222-4333-8444-555555555555";
const call = (changes: Partial<AuditedCall> = {}): AuditedCall => ({
  activity: ACTIVITIES.reset,
  caller: {
    kind: "application",
    id: "portal-object",
    application: "portal-client",
    scopes: [],
    roles: [],
    tokenId: "uti-1",
  },
  ids: { requestId: REQUEST_ID, clientRequestId: "client-0001", chosenByClient: true },
  arrivedAt: AT,
  address: "203.0.113.7",
  ...changes,
});
const recordOf = (facts: TrailFacts, code?: string, changes: Partial<AuditedCall> = {}) =>
  recordOfCall(call(changes), facts, code);

test("an operation's record has its id and its beginning, whatever call writes it", () => {
  const operation = operationWith({ status: "succeeded", createdAt: AT + 20, agent: "agent-1" });
  expect(recordOf(trailOf(operation))).toMatchObject({
    ...{ id: OPERATION_ID, at: AT + 20, result: "success", agent: "agent-1" },
    ...{ requestId: REQUEST_ID, clientRequestId: "client-0001", address: "203.0.113.7" },
    ...{ actorKind: "application", actorId: "portal-object", tokenId: "uti-1" },
  });
  expect(recordOf({ ...trailOf(operation), replayed: true })).toMatchObject({
    ...{ id: REQUEST_ID, at: AT, operationId: OPERATION_ID, replayed: true },
  });
});

test.each<[string, TrailFacts, string | undefined, object]>([
  ["succeeded", { status: "succeeded" }, undefined, { result: "success" }],
  ["failed", { status: "failed", code: "superseded" }, "superseded", { result: "failure" }],
  ["is not known", { status: "running" }, undefined, { result: "timeout" }],
  ["is not known, and its caller was told", {}, "outcomeUnknown", { result: "timeout" }],
  ["was refused", {}, "userNotFound", { result: "failure", reason: "userNotFound" }],
  ["changed a setting", {}, undefined, { result: "success" }],
])("what %s", (_, facts, code, expected) => {
  expect(recordOf(facts, code)).toMatchObject(expected);
});

test("a person who is kept from resetting is Microsoft's activity, whose success it is", () => {
  const blocked = { activity: ACTIVITIES.blocked.name, result: "success" };
  const reason = "resetLimitReached";
  expect(recordOf({ origin: "portal" }, reason)).toMatchObject({ ...blocked, reason });
  expect(recordOf({ origin: "self" }, reason)).toMatchObject(blocked);
  expect(recordOf({ origin: "admin" }, reason)).toMatchObject({
    ...{ activity: ACTIVITIES.reset.name, result: "failure", reason },
  });
});

test("who acts on oneself has the name that Graph tells", () => {
  const caller = { kind: "user", id: USER, application: "a", scopes: [], roles: [] } as const;
  const named = { targetId: USER, targetName: "alex@corp.example" };
  expect(recordOf(named, undefined, { caller }).actorName).toBe("alex@corp.example");
  expect(
    recordOf({ ...named, targetId: "other" }, undefined, { caller }).actorName,
  ).toBeUndefined();
});

test("changes keep within what a row may hold, and say where they were cut", () => {
  const long = "x".repeat(50_000);
  const changes = Array.from({ length: 20 }, (_, n) => ({
    name: `n${n}`,
    before: long,
    after: "y",
  }));
  const { changes: kept = [] } = recordOf({ changes });
  expect(JSON.stringify(kept).length).toBeLessThan(30_000);
  expect(kept[0]).toMatchObject({ name: "n0", after: "y", before: expect.stringMatching(/^x+…$/) });
  expect(recordOf({ changes: [{ name: "mode", after: "on" }] }).changes).toEqual([
    { name: "mode", after: "on" },
  ]);
});

test("Graph's shape of an application's act", () => {
  const operation = operationWith({ status: "failed", code: "accountLocked", origin: "portal" });
  const facts = { ...trailOf(operation), targetId: USER, targetName: "alex@corp.example" };
  expect(directoryAudit(recordOf({ ...facts, proof: "sms at noon" }))).toEqual({
    id: OPERATION_ID,
    category: "UserManagement",
    correlationId: REQUEST_ID,
    result: "failure",
    resultReason: "accountLocked",
    activityDisplayName: "Reset password (self-service)",
    activityDateTime: new Date(AT).toISOString(),
    loggedByService: "Self-service Password Management",
    operationType: "Update",
    initiatedBy: {
      user: null,
      app: {
        appId: "portal-client",
        displayName: null,
        servicePrincipalId: "portal-object",
        servicePrincipalName: null,
      },
    },
    targetResources: [
      {
        id: USER,
        displayName: null,
        type: "User",
        userPrincipalName: "alex@corp.example",
        groupType: null,
        modifiedProperties: [],
      },
    ],
    additionalDetails: [
      { key: "OnPremisesAgent", value: "None" },
      { key: "Connector", value: "corp" },
      { key: "OperationId", value: OPERATION_ID },
      { key: "Operation", value: "change" },
      { key: "Origin", value: "portal" },
      { key: "Proof", value: "sms at noon" },
      { key: "ClientRequestId", value: "client-0001" },
      { key: "IpAddress", value: "203.0.113.7" },
      { key: "TokenId", value: "uti-1" },
    ],
  });
});

test("the log event says what the row says", () => {
  const record = recordOf({ changes: [{ name: "mode", before: "off", after: "on" }] });
  const { id, at, actorKind, actorId, changes, type: _, ...same } = record;
  expect(auditLogFields(record)).toEqual({
    ...same,
    auditId: id,
    activityDateTime: new Date(at).toISOString(),
    callerKind: actorKind,
    callerId: actorId,
    changes: JSON.stringify(changes),
  });
});

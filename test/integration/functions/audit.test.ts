import { randomUUID } from "node:crypto";
import { ACTIVITIES } from "../../../functions/audit/activity.ts";
import { Audit } from "../../../functions/audit/audit.ts";
import { ApiError } from "../../../functions/http/apiError.ts";
import type { Parts } from "../../../functions/parts.ts";
import { timers } from "../../../functions/timers.ts";
import { CONNECTOR, type SampleUser } from "../../../local/samples.ts";
import type { Verdict } from "../../../protocol/outcome.ts";
import { auditReader, auditsAbout, detail, type Listed } from "./auditReader.ts";
import { idIn, TestCloud } from "./testCloud.ts";

const DAY_MS = 86_400_000;
const GROUP = randomUUID();
const PASSWORDS = ["Old-Pass-1", "N3w-Pass-1", "N3w-1"];
const EVIDENCE = { server: "dc1.corp.example", keyVersionBefore: 4, keyVersionAfter: 5 };
const DONE: Verdict = { status: "succeeded", directory: EVIDENCE };

let cloud: TestCloud;
let parts: Parts;
beforeAll(async () => {
  cloud = await TestCloud.start({ AUTOMATION_GROUP_ID: GROUP });
  ({ parts } = cloud.half.running);
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());

const operatorsToken = () => cloud.half.tokens.globalAdministrator();
const read = auditReader(() => cloud);
const about = (person: SampleUser) => auditsAbout(read, person);

function doer(): SampleUser {
  const person = cloud.person();
  cloud.answers(person, () => DONE);
  return person;
}
const proof = () => ({ methods: ["mobilePhone"], time: new Date().toISOString() });
const byPortal = (path: string, body: object) => async (person: SampleUser) =>
  cloud.send(`/v1.0/selfService/${path}`, {
    token: await cloud.half.tokens.portal(),
    body: { user: person.id, proof: proof(), ...body },
  });
const byHelpdesk = (path: string) => async (person: SampleUser) =>
  cloud.send(`/v1.0/users/${person.id}/${path}`, { token: await cloud.half.tokens.helpdesk() });

const onOneself = (path: string, body?: object) => async (person: SampleUser) =>
  cloud.send(`/v1.0/me/${path}`, { token: await cloud.half.tokens.userSteppedUp(person), body });

const portalsReset = byPortal("resetPassword", { newPassword: "N3w-1" });

const ON_PEOPLE: readonly [string, (person: SampleUser) => Promise<unknown>, string, string][] = [
  ["changeOwnPassword", (person) => cloud.change(person), ACTIVITIES.change.name, "self"],
  [
    "resetOwnPassword",
    onOneself("resetPassword", { newPassword: "N3w-1" }),
    ACTIVITIES.reset.name,
    "self",
  ],
  ["unlockOwnAccount", onOneself("unlockAccount"), ACTIVITIES.unlock.name, "self"],
  [
    "selfServiceChangePassword",
    byPortal("changePassword", { currentPassword: "Old-Pass-1", newPassword: "N3w-1" }),
    ACTIVITIES.change.name,
    "portal",
  ],
  ["selfServiceResetPassword", portalsReset, ACTIVITIES.reset.name, "portal"],
  ["selfServiceUnlockAccount", byPortal("unlockAccount", {}), ACTIVITIES.unlock.name, "portal"],
  ["adminResetPassword", (person) => cloud.adminReset(person), ACTIVITIES.adminReset.name, "admin"],
  ["adminUnlockAccount", byHelpdesk("unlockAccount"), ACTIVITIES.adminUnlock.name, "admin"],
  [
    "requirePasswordChange",
    byHelpdesk("requirePasswordChange"),
    ACTIVITIES.requireChange.name,
    "admin",
  ],
];

test.each(ON_PEOPLE)("%s: who did what to whom, where, and how it ended", async (...row) => {
  const [, send, activity, origin] = row;
  const person = doer();
  await send(person);
  const records = await about(person);
  expect(records).toHaveLength(1);
  const [record] = records as [Listed];
  expect(record).toMatchObject({
    activityDisplayName: activity,
    category: "UserManagement",
    result: "success",
    resultReason: "",
    loggedByService: "Self-service Password Management",
    operationType: "Update",
    correlationId: expect.stringMatching(/^[\da-f-]{36}$/),
    targetResources: [{ id: person.id, type: "User", userPrincipalName: /@/ }].map((target) => ({
      ...target,
      userPrincipalName: expect.stringMatching(target.userPrincipalName),
    })),
  });
  expect(Date.now() - Date.parse(record.activityDateTime)).toBeLessThan(60_000);
  const { user, app } = record.initiatedBy;
  if (origin === "self") expect(user?.id).toBe(person.id);
  if (origin === "admin") expect(user?.id).toMatch(/^[\da-f-]{36}$/);
  if (origin === "portal")
    expect([user, app?.servicePrincipalId]).toEqual([null, cloud.half.apps.portal.objectId]);
  const facts = ["OnPremisesAgent", "AgentId", "DomainController", "Origin", "Connector"];
  expect(facts.map((key) => detail(record, key))).toEqual([
    ...["PasswordWriteback", "agent-1", "dc1.corp.example", origin, CONNECTOR],
  ]);
  expect([detail(record, "KeyVersionBefore"), detail(record, "KeyVersionAfter")]).toEqual([
    ...["4", "5"],
  ]);
  expect(detail(record, "OperationId")).toBe(record.id);
  if (origin === "portal") expect(detail(record, "Proof")).toMatch(/^mobilePhone at /);
});

test("a change of settings is recorded with old and new values, a probe with its connector", async () => {
  const from = new Date().toISOString();
  const token = await operatorsToken();
  const helpContact = `helpdesk-${randomUUID()}@corp.example`;
  await cloud.send("/v1.0/onPremisesIntegration", {
    ...{ token, method: "PATCH", body: { helpContact } },
  });
  await cloud.send("/v1.0/probe", { token, body: { connector: CONNECTOR } });
  const [settings] = (await read({ from, activity: ACTIVITIES.changeSettings.name })).value;
  expect(settings).toMatchObject({ category: "DirectoryManagement", result: "success" });
  expect(JSON.stringify(settings?.targetResources)).toContain(helpContact);
  const [probe] = (await read({ from, activity: ACTIVITIES.probe.name })).value;
  expect(probe).toMatchObject({ result: "success", targetResources: [] });
  expect(detail(probe as Listed, "Connector")).toBe(CONNECTOR);
});

test("a trust list is recorded with what it changes, and one that is refused with its reason", async () => {
  const from = new Date().toISOString();
  const { operator, signingKey, agent } = cloud.half;
  const trustList = await operator.sign([signingKey], [agent.entry]);
  const put = async (list: string) =>
    cloud.send("/v1.0/trustList", {
      ...{ token: await operatorsToken(), method: "PUT", body: { trustList: list } },
    });
  expect((await put(trustList)).status).toBe(200);
  expect((await put(`${trustList.slice(0, -8)}AAAAAAAA`)).code).toBe("trustListRefused");
  const [refused, published] = (await read({ from, activity: ACTIVITIES.publishTrustList.name }))
    .value;
  expect(refused).toMatchObject({ result: "failure", resultReason: "trustListRefused" });
  expect(published).toMatchObject({
    result: "success",
    targetResources: [
      {
        type: "Directory",
        modifiedProperties: expect.arrayContaining([
          expect.objectContaining({ displayName: "serial" }),
        ]),
      },
    ],
  });
});

test("automation is told from administrators", async () => {
  const person = doer();
  cloud.half.identity.groups.set([{ id: GROUP, members: [person.id] }]);
  const token = await cloud.half.tokens.automation();
  await cloud.send(`/v1.0/users/${person.id}/unlockAccount`, { token });
  const [record] = (await about(person)) as [Listed];
  expect(record).toMatchObject({
    activityDisplayName: ACTIVITIES.adminUnlock.name,
    result: "success",
    initiatedBy: { user: null, app: { appId: expect.stringMatching(/^[\da-f-]{36}$/) } },
  });
  expect(detail(record, "Origin")).toBe("automation");
});

test("who has tried too often is blocked, in Microsoft's words, until somebody unblocks them", async () => {
  const person = cloud.person();
  cloud.answers(person, () => ({ status: "failed", code: "accountProtected" }));
  for (const _ of "123456") await portalsReset(person);
  await cloud.send(`/v1.0/users/${person.id}/unblock`, { token: await operatorsToken() });
  const [unblocked, blocked, ...tried] = await about(person);
  expect(unblocked).toMatchObject({
    ...{ activityDisplayName: ACTIVITIES.unblock.name, result: "success" },
    initiatedBy: { user: { userPrincipalName: expect.stringMatching(/@/) } },
  });
  expect(blocked).toMatchObject({
    activityDisplayName: "Blocked from self-service password reset",
    ...{ result: "success", resultReason: "resetLimitReached" },
  });
  expect(tried.map(({ resultReason }) => resultReason)).toEqual(Array(5).fill("accountProtected"));
});

test("a challenge to step up is a decision, and recorded", async () => {
  const from = new Date().toISOString();
  const person = doer();
  const token = await cloud.half.tokens.user(person, { xms_cc: ["cp1"] });
  const answer = await cloud.send("/v1.0/me/unlockAccount", { token });
  expect(answer.code).toBe("stepUpRequired");
  const { value } = await read({ from, actor: person.id });
  expect(value).toMatchObject([
    { activityDisplayName: ACTIVITIES.unlock.name, result: "failure", resultReason: answer.code },
  ]);
});

test("what the directory refused, and what was refused before anything was sent", async () => {
  const refused = cloud.person();
  cloud.answers(refused, () => ({
    status: "failed",
    code: "passwordPolicyViolation",
    directory: { server: "dc1.corp.example", resultCode: 53, keyVersionBefore: 7 },
  }));
  await cloud.adminReset(refused);
  const [byDirectory] = await about(refused);
  expect(byDirectory).toMatchObject({
    result: "failure",
    resultReason: "passwordPolicyViolation",
  });
  expect(detail(byDirectory as Listed, "KeyVersionBefore")).toBe("7");

  const cloudOnly = cloud.person({ onPremisesSyncEnabled: false });
  await cloud.adminReset(cloudOnly);
  const [byCloud] = await about(cloudOnly);
  expect(byCloud).toMatchObject({ result: "failure", resultReason: "userNotSynchronized" });
  expect(detail(byCloud as Listed, "OnPremisesAgent")).toBe("None");
});

test("a good token on a wrong route is recorded, some times a minute; no token never is", async () => {
  const from = new Date().toISOString();
  const person = doer();
  const token = await cloud.half.tokens.user(person);
  for (let time = 0; time < 12; time += 1)
    await cloud.send("/v1.0/probe", { token, body: { connector: CONNECTOR } });
  for (const bad of [undefined, "not.a.token"])
    await cloud.send("/v1.0/probe", { token: bad, body: { connector: CONNECTOR } });
  const { value } = await read({ from, activity: ACTIVITIES.probe.name });
  const minutes = new Set(value.map(({ activityDateTime }) => activityDateTime.slice(0, 16)));
  expect(value.length).toBeGreaterThanOrEqual(10);
  expect(value.length).toBeLessThanOrEqual(10 * Math.max(1, minutes.size));
  for (const record of value)
    expect(record).toMatchObject({
      result: "failure",
      resultReason: "accessDenied",
      initiatedBy: { user: { id: person.id } },
    });
});

test("at whom a refused call was aimed is recorded, whether or not Graph knows them", async () => {
  const from = new Date().toISOString();
  const [person, nobody] = [cloud.person(), randomUUID()];
  const token = await cloud.half.tokens.user(cloud.person());
  await cloud.send(`/v1.0/users/${person.id}/unlockAccount`, { token });
  const helpdesk = await cloud.half.tokens.helpdesk();
  await cloud.send(`/v1.0/users/${nobody}/unlockAccount`, { token: helpdesk });
  const typed = "S3cret@2026.typed-into-the-wrong-field";
  await cloud.send(`/v1.0/users/${typed}/unlockAccount`, { token: helpdesk });
  const reasonOf = async (target: string) =>
    (await read({ from, target })).value.map(({ resultReason }) => resultReason);
  expect(await reasonOf(person.id)).toEqual(["accessDenied"]);
  expect(await reasonOf(nobody)).toEqual(["userNotFound"]);
  expect(await reasonOf(typed)).toEqual([]);
  expect(JSON.stringify((await read({ from })).value)).not.toContain("S3cret");
  expect(cloud.half.logged.join("\n")).not.toContain("S3cret");
});

test("an unknown outcome is a timeout; the late truth is a second record that corrects it", async () => {
  const person = cloud.silentPerson();
  const { headers } = await cloud.change(person);
  const id = idIn(headers.get("location"));
  expect(await about(person)).toMatchObject([
    { id, result: "timeout", resultReason: "outcomeUnknown" },
  ]);
  const late = { version: 1, request: id, agent: "agent-1", ...DONE };
  const body = { version: 1, outcomes: [late, late] };
  const token = await cloud.half.tokens.agent();
  expect((await cloud.send("/v1.0/agents/agent-1/outcomes", { token, body })).status).toBe(204);
  const [second, first, ...others] = await about(person);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ id, result: "timeout" });
  expect(second).toMatchObject({
    result: "success",
    activityDisplayName: ACTIVITIES.change.name,
    initiatedBy: { user: { id: person.id } },
  });
  const facts = ["Corrects", "OperationId", "AgentId", "KeyVersionAfter"];
  expect(facts.map((key) => detail(second as Listed, key))).toEqual([id, id, "agent-1", "5"]);
});

test("a repeat that executes nothing is a record of its own", async () => {
  const person = doer();
  const key = { "Idempotency-Key": randomUUID() };
  await cloud.change(person, key);
  await cloud.change(person, key);
  const [repeat, first] = (await about(person)) as [Listed, Listed];
  expect([first.result, repeat.result]).toEqual(["success", "success"]);
  expect([detail(first, "Replayed"), detail(repeat, "Replayed")]).toEqual([undefined, "true"]);
  expect(detail(repeat, "OperationId")).toBe(first.id);
  expect(cloud.executed(person)).toBe(1);
});

test("each record is one log event as well, and no password is in either", async () => {
  const person = doer();
  await cloud.change(person);
  const [record] = await about(person);
  const events = cloud.half.logged.filter((line) => line.includes('"event":"audit"'));
  expect(events.filter((line) => line.includes(`"auditId":"${record?.id}"`))).toHaveLength(1);
  const rows: unknown[] = [];
  for await (const row of cloud.table("audit").listEntities()) rows.push(row);
  const everything = JSON.stringify([rows, events]);
  expect(rows.length).toBeGreaterThan(5);
  for (const password of PASSWORDS) expect(everything).not.toContain(password);
});

describe("records that are missing", () => {
  const log = { info: () => {}, error: () => {} };
  const keepAudit = async (changes: Partial<Parts> = {}) =>
    timers.find(({ name }) => name === "keepAudit")?.run({ ...parts, ...changes }, log);
  const later = (minutes: number) => () => Date.now() + minutes * 60_000;

  test("a failed table costs the caller nothing, raises an alert, and is made up for", async () => {
    const person = doer();
    const failing = new Audit(
      {
        add: async () => {
          throw new ApiError("recordsUnavailable", { cause: new TypeError("with a secret") });
        },
      } as never,
      Date.now,
    );
    const { audit } = parts;
    Object.assign(parts, { audit: failing });
    try {
      expect((await cloud.change(person)).status).toBe(204);
    } finally {
      Object.assign(parts, { audit });
    }
    expect(await about(person)).toEqual([]);
    const alert = cloud.half.logged.find((line) => line.includes('"event":"auditNotWritten"'));
    expect(alert).toContain('"cause":"TypeError"');
    expect(alert).not.toContain("secret");

    await keepAudit();
    expect(await about(person)).toEqual([]);
    await keepAudit({ now: later(6) });
    await keepAudit({ now: later(6) });
    const [record, ...others] = await about(person);
    expect(others).toEqual([]);
    expect(record).toMatchObject({ result: "success", initiatedBy: { user: { id: person.id } } });
    const facts = ["Recovered", "AgentId", "DomainController", "KeyVersionAfter"];
    expect(facts.map((key) => detail(record as Listed, key))).toEqual([
      ...["true", "agent-1", "dc1.corp.example", "5"],
    ]);
  });

  test("of an instance that died after the send, and of a late truth that followed", async () => {
    const person = cloud.person();
    const operation = {
      id: randomUUID(),
      operation: "reset",
      origin: "portal",
      callerId: cloud.half.apps.portal.objectId,
      targetId: person.id,
      connector: CONNECTOR,
      trackingId: randomUUID(),
      status: "running",
      createdAt: Date.now(),
      lastActionAt: Date.now(),
      deadline: Date.now() + 9_000,
    } as const;
    await parts.operations.add(operation);
    await keepAudit({ now: later(14) });
    expect(await about(person)).toEqual([]);
    await keepAudit({ now: later(16) });
    expect(await about(person)).toMatchObject([{ id: operation.id, result: "timeout" }]);

    const lastActionAt = Date.now() + 1_000;
    await parts.operations.conclude({
      ...{ ...operation, status: "succeeded", late: true, agent: "agent-1", lastActionAt },
    });
    await keepAudit({ now: later(20) });
    await keepAudit({ now: later(20) });
    const [second, first, ...others] = await about(person);
    expect(others).toEqual([]);
    expect([first?.result, second?.result]).toEqual(["timeout", "success"]);
    expect(detail(second as Listed, "Corrects")).toBe(operation.id);
  });
});

test("nothing that the calls did is left without a record", async () => {
  const known = await parts.auditRecords.ids(Date.now() - DAY_MS, Date.now() + DAY_MS);
  const begun: string[] = [];
  for await (const { id } of parts.operations.all()) begun.push(id);
  expect(begun.length).toBeGreaterThan(5);
  expect(begun.filter((id) => !known.has(id))).toEqual([]);
});

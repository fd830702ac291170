import { ACTIVITIES } from "../../../functions/audit/activity.ts";
import { BrakeRows } from "../../../functions/records/brakeRows.ts";
import { CONNECTOR, type SampleUser } from "../../../local/samples.ts";
import { TEXTS } from "../../../protocol/texts.ts";
import { type SecondInstance, startSecondInstance } from "./secondInstance.ts";
import { eventually, PASSWORD_METHOD, TestCloud } from "./testCloud.ts";

const SETTINGS = {
  RATE_REQUESTER_PER_MINUTE: "3",
  BRAKE_RESETS_PER_MINUTE: "4",
  BRAKE_STOPS_WRITES: "true",
};

let cloud: TestCloud;
let second: SecondInstance;
beforeAll(async () => {
  cloud = await TestCloud.start(SETTINGS);
  second = await startSecondInstance(cloud.half, SETTINGS);
});
afterAll(async () => {
  await second?.stop();
  await cloud?.half.stop();
});
beforeEach(() => cloud.half.heartbeat());

const byPortal = async (user: SampleUser, operation: string, body: object, at = "") =>
  cloud.send(`${at}/v1.0/selfService/${operation}`, {
    token: await cloud.half.tokens.portal(),
    body: {
      user: user.id,
      proof: { methods: ["mobilePhone"], time: new Date().toISOString() },
      ...body,
    },
  });
const PASSWORDS = { currentPassword: "Old-Pass-1", newPassword: "N3w-Pass-1" };
const adminReset = async (at = "") =>
  cloud.send(
    `${at}/v1.0/users/${cloud.person().id}/authentication/methods/${PASSWORD_METHOD}/resetPassword`,
    { token: await cloud.half.tokens.helpdesk(), body: { newPassword: "N3w-Pass-1" } },
  );

test("a signed-in person may call so many times a minute; portals may more", async () => {
  const person = cloud.person();
  for (const _ of "123") expect((await cloud.change(person)).status).toBe(204);
  const answer = await cloud.change(person);
  expect(answer).toMatchObject({
    status: 429,
    code: "tooManyRequests",
    body: { error: { code: "activityLimitReached", message: TEXTS.tooMany } },
  });
  expect(answer.headers.get("retry-after")).toMatch(/^([1-9]|1\d|20)$/);
  const rules = await cloud.get("/v1.0/me/passwordRules", await cloud.half.tokens.user(person));
  expect(rules.code).toBe("tooManyRequests");
  expect(cloud.executed(person)).toBe(3);
  for (const _ of "12345")
    expect((await byPortal(person, "changePassword", PASSWORDS)).status).toBe(200);
  expect((await cloud.change(cloud.person())).status).toBe(204);
});

test("more resets a minute than usual raise an alert and stop writes at every instance", async () => {
  for (const _ of "12345") expect((await adminReset(second.url)).status).toBe(202);
  expect(second.logged).toContainEqual({
    event: "brakeReached",
    ...{ resets: 5, limit: 4, status: "stopped" },
  });
  await eventually("the other instance has heard", async () => {
    return (await adminReset()).code === "writesStopped";
  });
  const person = cloud.person();
  for (const answer of [
    await adminReset(second.url),
    await byPortal(person, "resetPassword", { newPassword: "N3w-Pass-1" }),
    await byPortal(person, "changePassword", PASSWORDS, second.url),
  ]) {
    expect(answer).toMatchObject({ status: 503, code: "writesStopped" });
    expect(Number(answer.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  }
  expect(cloud.executed(person)).toBe(0);
  const token = await cloud.half.tokens.globalAdministrator();
  const probe = await cloud.send("/v1.0/probe", { token, body: { connector: CONNECTOR } });
  expect(probe.status).toBe(200);

  await cloud.table("ground").deleteEntity("ground", "stop");
  for (const at of ["", second.url]) expect((await adminReset(at)).status).toBe(202);
});

test("that the brake was reached is recorded as the service's own act", async () => {
  const token = await cloud.half.tokens.globalAdministrator();
  const query = new URLSearchParams({ activity: ACTIVITIES.brake.name });
  const recorded = async () =>
    (await cloud.get(`/v1.0/auditLogs/directoryAudits?${query}`, token)).body.value as object[];
  await eventually("it is recorded", async () => (await recorded()).length > 0);
  expect(await recorded()).toContainEqual(
    expect.objectContaining({
      category: "DirectoryManagement",
      initiatedBy: expect.objectContaining({ user: null }),
      targetResources: [
        expect.objectContaining({
          modifiedProperties: [
            { displayName: "resets", oldValue: null, newValue: "5" },
            { displayName: "perMinute", oldValue: null, newValue: "4" },
            { displayName: "writes", oldValue: "open", newValue: "stopped" },
          ],
        }),
      ],
    }),
  );
});

test("instances tell each other what they carry out, and forget it soon", async () => {
  const rows = new BrakeRows(cloud.table("throttle"), cloud.table("ground"), async () => {
    throw new Error("not read here");
  });
  // Later than anything that the instances of this test have told.
  const now = Date.now() + 3_600_000;
  await rows.tell("one", 7, now + 10_000);
  await rows.tell("one", 9, now + 10_000);
  await rows.tell("two", 5, now + 5_000);
  expect([await rows.others("one", now), await rows.others("two", now)]).toEqual([5, 9]);
  expect(await rows.others("three", now)).toBe(14);
  expect(await rows.others("three", now + 5_001)).toBe(9);
  expect(await rows.others("three", now + 10_001)).toBe(0);
});

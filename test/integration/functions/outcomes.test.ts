import { ADMINISTRATORS } from "../../../local/stack/tenant.ts";
import type { Verdict } from "../../../protocol/outcome.ts";
import { type Answer, eventually, idIn, pathOf, TestCloud } from "./testCloud.ts";

const WAIT_MS = 2_000;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());

const proof = () => ({ methods: ["mobilePhone", "email"], time: new Date().toISOString() });
const statusAt = async (location: string | null, token: string) =>
  (await cloud.get(pathOf(location), token)).body.status;

describe("every route reaches the agent with what it must carry", () => {
  const last = () => cloud.half.agent.requests.at(-1);

  test("changing one's own password: 204", async () => {
    const person = cloud.person();
    const answer = await cloud.change(person, {}, " Spaces kept ");
    expect(answer).toMatchObject({ status: 204, text: "" });
    expect(last()).toMatchObject({
      operation: "change",
      origin: "self",
      requester: { id: person.id },
      target: { id: person.id, sourceAnchor: person.sourceAnchor },
      currentPassword: "Old-Pass-1",
      newPassword: " Spaces kept ",
      trackingId: answer.headers.get("request-id"),
    });
  });

  test.each([
    ["changePassword", { currentPassword: "a", newPassword: "b" }, { operation: "change" }],
    [
      "resetPassword",
      { newPassword: "b" },
      { operation: "reset", newPassword: "b", mustChange: false },
    ],
    ["unlockAccount", {}, { operation: "unlock" }],
  ])("the portal's %s: 200 with the outcome", async (name, body, claims) => {
    const person = cloud.person();
    cloud.answers(person, () => ({ status: "succeeded", detail: { wasLocked: true } }));
    const answer = await cloud.send(`/v1.0/selfService/${name}`, {
      token: await cloud.half.tokens.portal(),
      body: { user: person.id, proof: proof(), ...body },
    });
    expect(answer).toMatchObject({ status: 200, body: { status: "succeeded", wasLocked: true } });
    expect(last()).toMatchObject({
      ...claims,
      origin: "portal",
      requester: { id: cloud.half.apps.portal.objectId },
    });
    expect(cloud.half.logged.join()).toContain('"proof":"mobilePhone,email at ');
  });

  test("an administrator's reset: 202 with Location, and the operation has succeeded", async () => {
    const person = cloud.person();
    const answer = await cloud.adminReset(person);
    expect(answer.status).toBe(202);
    const location = answer.headers.get("location");
    expect(pathOf(location)).toMatch(
      new RegExp(`^/v1\\.0/users/${person.id}/authentication/operations/`),
    );
    const operation = await cloud.get(pathOf(location), await cloud.half.tokens.helpdesk());
    expect(operation).toMatchObject({
      status: 200,
      body: { id: idIn(location), status: "succeeded", statusDetail: null, resourceLocation: null },
    });
    expect(last()).toMatchObject({
      operation: "reset",
      origin: "admin",
      mustChange: true,
      requester: { id: ADMINISTRATORS.helpdesk.objectId },
    });
  });

  test.each([
    ["unlockAccount", "unlock"],
    ["requirePasswordChange", "requireChange"],
  ])("an administrator's %s: 200 with the outcome", async (name, operation) => {
    const token = await cloud.half.tokens.helpdesk();
    const answer = await cloud.send(`/v1.0/users/${cloud.person().id}/${name}`, { token });
    expect(answer).toMatchObject({ status: 200, body: { status: "succeeded" } });
    expect(last()).toMatchObject({ operation, origin: "admin" });
  });

  test("a probe: 200; of a connector that is not there: 400", async () => {
    const token = await cloud.half.tokens.globalAdministrator();
    const probe = (connector: string) => cloud.send("/v1.0/probe", { token, body: { connector } });
    expect((await probe("corp")).status).toBe(200);
    expect(last()).toMatchObject({ operation: "probe", origin: "operator", aud: "corp" });
    expect(await probe("emea")).toMatchObject({ status: 400, code: "invalidRequest" });
  });

  test("the last moment of the write lies before the end of the wait", async () => {
    const before = Date.now() / 1_000;
    await cloud.change(cloud.person());
    const { exp = 0, iat = 0 } = last() ?? {};
    expect(exp - iat).toBeLessThanOrEqual(1);
    expect(exp).toBeGreaterThan(before);
    const message = cloud.half.agent.messages.at(-1);
    expect(message?.timeToLive).toBeGreaterThan(120_000);
    expect(message?.timeToLive).toBeLessThanOrEqual(120_000 + WAIT_MS);
    expect(message?.messageId).toBe(last()?.jti);
  });
});

describe("a definite refusal has its own code", () => {
  test.each<[string, number]>([
    ["passwordPolicyViolation", 400],
    ["currentPasswordWrong", 400],
    ["accountLocked", 423],
    ["changeNotAllowed", 403],
    ["superseded", 409],
    ["directoryUserNotFound", 404],
    ["directoryUserAmbiguous", 409],
    ["agentLacksRight", 502],
    ["directoryCannotEnforcePolicy", 502],
    ["directoryUnreachable", 502],
    ["requestExpired", 502],
  ])("%s: %i", async (code, status) => {
    const person = cloud.person();
    const directory = { server: "dc1.corp.example", resultCode: 53, win32: "0000052D" };
    cloud.answers(person, () => ({ status: "failed", code, directory }));
    for (const answer of [await cloud.change(person), await cloud.adminReset(person)]) {
      expect(answer).toMatchObject({ status, code });
      expect(answer.headers.get("retry-after")).toBeNull();
      expect(answer.text).not.toContain("dc1.corp");
    }
    expect(cloud.half.logged.join()).toContain('"resultCode":53,"win32":"0000052D"');
  });

  test("a code of a newer agent reads as a refusal by the directory", async () => {
    const person = cloud.person();
    cloud.answers(person, () => ({ status: "failed", code: "somethingNew" }));
    expect(await cloud.change(person)).toMatchObject({ status: 502, code: "somethingNew" });
  });
});

describe("which rule of the policy said no", () => {
  const violations = [
    { code: "tooShort", minimum: 16 },
    { code: "tooSoon", earliest: "2026-01-03T02:04:05.000Z" },
    { code: "inHistory", remembered: 5, possibly: true },
    { code: "filtered", helpText: "No seasons, please.", possibly: true },
  ] as const;
  const details = [
    {
      code: "tooShort",
      minimum: 16,
      message: "The password is too short. Use at least 16 characters.",
      target: "newPassword",
    },
    {
      code: "tooSoon",
      earliest: "2026-01-03T02:04:05.000Z",
      message:
        "The password was changed not long ago. It can be changed again from 2026-01-03T02:04:05.000Z on.",
      target: "newPassword",
    },
    {
      code: "inHistory",
      remembered: 5,
      possibly: true,
      message: "The password may have been used before. The last 5 cannot be used again.",
      target: "newPassword",
    },
    {
      code: "filtered",
      helpText: "No seasons, please.",
      possibly: true,
      message:
        "The password may not be allowed by another rule of your organization. No seasons, please.",
      target: "newPassword",
    },
  ];
  const refused: Verdict = {
    status: "failed",
    code: "passwordPolicyViolation",
    detail: { violations: [...violations] },
  };

  test("stands in the error of everybody who may ask, with its number or time", async () => {
    const person = cloud.person();
    cloud.answers(person, () => refused);
    for (const answer of [
      await cloud.change(person),
      await cloud.adminReset(person),
      await cloud.portalReset(person),
    ]) {
      expect(answer).toMatchObject({ status: 400, code: "passwordPolicyViolation" });
      expect(answer.body.error).toMatchObject({ code: "invalidRequest", details });
    }
  });

  test("is read from the operation, too, and told again to a repeat", async () => {
    const person = cloud.person();
    cloud.answers(person, () => refused);
    const key = { "Idempotency-Key": "rules-once-more" };
    const first = await cloud.change(person, key);
    const again = await cloud.change(person, key);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.body.error).toMatchObject({ details });
    expect(first.body.error).toMatchObject({ details });
    const id = cloud.half.agent.requests.at(-1)?.jti;
    const operation = await cloud.get(
      `/v1.0/me/operations/${id}`,
      await cloud.half.tokens.user(person),
    );
    expect(operation).toMatchObject({
      status: 200,
      body: { status: "failed", error: { code: "passwordPolicyViolation", details } },
    });
    expect(operation.body).not.toHaveProperty("violations");
  });

  test("nothing is said of rules where the agent named none", async () => {
    const person = cloud.person();
    cloud.answers(person, () => ({ status: "failed", code: "passwordPolicyViolation" }));
    const { body } = await cloud.change(person);
    expect(body.error).not.toHaveProperty("details");
  });
});

describe("an unknown outcome", () => {
  const isHonest = (answer: Answer) => {
    expect(answer).toMatchObject({ status: 500, code: "outcomeUnknown" });
    expect(answer.headers.get("retry-after")).toBeNull();
    expect(answer.headers.get("location")).toMatch(/\/operations\/[\da-f-]{36}$/);
  };

  test("an agent that never answers: 500 after the total wait, running, then unknown", async () => {
    const person = cloud.silentPerson();
    const token = await cloud.half.tokens.user(person);
    const began = Date.now();
    const answer = await cloud.change(person);
    expect(Date.now() - began).toBeGreaterThanOrEqual(WAIT_MS - 20);
    expect(Date.now() - began).toBeLessThan(WAIT_MS + 10_000);
    isHonest(answer);
    const location = answer.headers.get("location");
    expect(await statusAt(location, token)).toBe("running");
    await cloud.table("operations").updateEntity(
      {
        partitionKey: idIn(location),
        rowKey: "operation",
        createdAt: Date.now() - 15 * 60_000 - 1,
      },
      "Merge",
    );
    expect(await statusAt(location, token)).toBe("unknown");
  });

  test("the portal is told so, an administrator gets 202 with an operation that runs", async () => {
    const [one, two] = [cloud.silentPerson(), cloud.silentPerson()];
    const [portal, admin] = await Promise.all([cloud.portalReset(one), cloud.adminReset(two)]);
    isHonest(portal);
    expect(await statusAt(portal.headers.get("location"), await cloud.half.tokens.portal())).toBe(
      "running",
    );
    expect(admin.status).toBe(202);
    expect(await statusAt(admin.headers.get("location"), await cloud.half.tokens.helpdesk())).toBe(
      "running",
    );
  });

  test("an agent that does not know either: 500 at once, whatever code it gives", async () => {
    const person = cloud.person();
    const verdicts: Verdict[] = [
      { status: "unknown", code: "outcomeUnknown" },
      { status: "unknown", code: "noLiveAgent" },
    ];
    for (const verdict of verdicts) {
      const other = cloud.person();
      cloud.answers(other, () => verdict);
      const began = Date.now();
      isHonest(await cloud.change(other));
      expect(Date.now() - began).toBeLessThan(WAIT_MS);
    }
    expect((await cloud.change(person)).status).toBe(204);
  });
});

describe("operations are for who started them", () => {
  test("somebody else's, another route's, none and nonsense are 404 alike", async () => {
    const [one, two] = [cloud.unresolvedPerson(), cloud.person()];
    const { tokens } = cloud.half;
    const [own, admin] = await Promise.all([cloud.change(one), cloud.adminReset(two)]);
    const ownPath = pathOf(own.headers.get("location"));
    const adminPath = pathOf(admin.headers.get("location"));
    const [ownId, adminId] = [idIn(ownPath), idIn(adminPath)];
    const [first, second] = await Promise.all([tokens.user(one), tokens.user(two)]);
    const [portal, helpdesk] = await Promise.all([tokens.portal(), tokens.helpdesk()]);
    expect((await cloud.get(ownPath, first)).status).toBe(200);
    expect((await cloud.get(adminPath, helpdesk)).status).toBe(200);
    for (const [path, token] of [
      [ownPath, second],
      [`/v1.0/selfService/operations/${ownId}`, portal],
      [`/v1.0/selfService/operations/${adminId}`, portal],
      [`/v1.0/me/operations/${adminId}`, second],
      [`/v1.0/users/${one.id}/authentication/operations/${ownId}`, helpdesk],
      [`/v1.0/users/${one.id}/authentication/operations/${adminId}`, helpdesk],
      ["/v1.0/me/operations/00000000-0000-4000-8000-000000000000", first],
      ["/v1.0/me/operations/nonsense", first],
      ["/v1.0/me/operations/..%2F..%2Fclaims", first],
    ] as const)
      expect(await cloud.get(path, token)).toMatchObject({
        status: 404,
        code: "operationNotFound",
      });
  });

  test("a refused operation tells its code and its sentence, nothing of the directory", async () => {
    const person = cloud.person();
    cloud.answers(person, () => ({
      status: "failed",
      code: "accountLocked",
      directory: { server: "dc1.corp.example" },
    }));
    await cloud.change(person);
    const id = cloud.half.agent.requests.at(-1)?.jti;
    const { body } = await cloud.get(
      `/v1.0/me/operations/${id}`,
      await cloud.half.tokens.user(person),
    );
    expect(body).toMatchObject({
      status: "failed",
      statusDetail: "The account is locked.",
      error: { code: "accountLocked" },
    });
    expect(JSON.stringify(body)).not.toContain("dc1.corp");
  });
});

test("a message that the bus lost without a word leaves nothing but an unknown operation", async () => {
  const person = cloud.person();
  cloud.half.broker.faults.transfer = (address) =>
    address.startsWith("requests") ? "ignore" : undefined;
  const answer = await cloud.change(person).finally(() => {
    cloud.half.broker.faults.transfer = undefined;
  });
  expect(answer).toMatchObject({ status: 500, code: "outcomeUnknown" });
  await eventually(
    "the next one works",
    async () => (await cloud.change(cloud.person())).status === 204,
  );
});

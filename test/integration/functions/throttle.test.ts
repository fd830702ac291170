import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Counters } from "../../../functions/throttle/counters.ts";
import type { SampleUser } from "../../../local/samples.ts";
import type { Verdict } from "../../../protocol/outcome.ts";
import { TEXTS } from "../../../protocol/texts.ts";
import { type SecondInstance, startSecondInstance } from "./secondInstance.ts";
import { type Answer, eventually, idIn, TestCloud } from "./testCloud.ts";

const DAY_SECONDS = 86_400;
const AT_ONCE = 50;

let cloud: TestCloud;
let second: SecondInstance;
beforeAll(async () => {
  cloud = await TestCloud.start();
  second = await startSecondInstance(cloud.half);
});
afterAll(async () => {
  await second?.stop();
  await cloud?.half.stop();
});
beforeEach(() => cloud.half.heartbeat());

const PROTECTED: Verdict = { status: "failed", code: "accountProtected" };
const REFUSED: Verdict = { status: "failed", code: "passwordPolicyViolation" };
const wrongBelow = (lockoutThreshold: number): Verdict => ({
  status: "failed",
  code: "currentPasswordWrong",
  directory: { server: "dc1.corp.example", lockoutThreshold, lockoutWindowSeconds: 1_800 },
});

/** Somebody with whose requests the agent always does the same. */
function personWith(verdict: Verdict): SampleUser {
  const person = cloud.person();
  cloud.answers(person, () => verdict);
  return person;
}
const proof = () => ({ methods: ["mobilePhone"], time: new Date().toISOString() });
/** A call of the portal, at the first instance unless told. */
const byPortal = async (user: SampleUser, operation: string, body: object = {}, at = "") =>
  cloud.send(`${at}/v1.0/selfService/${operation}`, {
    token: await cloud.half.tokens.portal(),
    body: { user: user.id, proof: proof(), ...body },
  });
const reset = (user: SampleUser, at?: string) =>
  byPortal(user, "resetPassword", { newPassword: "N3w-Pass-1" }, at);
const change = (user: SampleUser, at?: string) =>
  byPortal(user, "changePassword", { currentPassword: "Gu3ss", newPassword: "N3w-1" }, at);
const unblock = async (id: string) =>
  cloud.send(`/v1.0/users/${id}/unblock`, { token: await cloud.half.tokens.globalAdministrator() });
const rowOf = (user: SampleUser) =>
  cloud
    .table("throttle")
    .getEntity<{ state: string; until: Date }>(user.id, "own")
    .catch(() => undefined);
const countersOf = async (user: SampleUser): Promise<Counters | undefined> => {
  const row = await rowOf(user);
  return row && (JSON.parse(row.state) as Counters);
};
async function block(user: SampleUser): Promise<void> {
  for (const _ of "12345") expect((await reset(user)).status).toBe(403);
}
/** Lets so many seconds pass for somebody. */
async function age(user: SampleUser, seconds: number): Promise<void> {
  const older = (key: string, value: unknown) =>
    key === "at" ? Number(value) - seconds * 1_000 : value;
  const state = JSON.stringify(await countersOf(user), older);
  await cloud.table("throttle").updateEntity({ partitionKey: user.id, rowKey: "own", state });
}

describe("exact under parallel instances", () => {
  test("of fifty counted at once at two instances five get through", async () => {
    const attempt = { operation: "reset", origin: "portal", targetId: randomUUID() } as const;
    const instances = [cloud.half.running.parts, second.running.parts] as const;
    const counted = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, (_, at) =>
        instances[at % 2]?.throttle.count({ ...attempt, id: randomUUID() }),
      ),
    );
    expect(counted.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    for (const one of counted)
      if (one.status === "rejected") expect(one.reason.code).toBe("resetLimitReached");
  });

  test("of many calls at once, made again while another one is on its way, five are sent", async () => {
    const person = personWith(PROTECTED);
    const insisting = async (at: string): Promise<Answer> => {
      for (;;) {
        const answer = await reset(person, at);
        if (answer.code !== "operationInProgress") return answer;
        await delay(100);
      }
    };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => insisting(at % 2 === 0 ? "" : second.url)),
    );
    expect(answers.filter(({ code }) => code === "accountProtected")).toHaveLength(5);
    expect(answers.filter(({ code }) => code === "resetLimitReached")).toHaveLength(3);
    expect(cloud.executed(person)).toBe(5);
  });
});

describe("resets and unlocks", () => {
  test("after five that failed none for a day, at any instance; a change is another thing", async () => {
    const person = personWith(PROTECTED);
    await block(person);
    for (const answer of [
      await reset(person),
      await reset(person, second.url),
      await byPortal(person, "unlockAccount"),
      await cloud.send("/v1.0/me/resetPassword", {
        token: await cloud.half.tokens.userSteppedUp(person),
        body: { newPassword: "N3w-Pass-1" },
      }),
    ]) {
      expect(answer).toMatchObject({
        status: 429,
        code: "resetLimitReached",
        body: { error: { code: "activityLimitReached" } },
      });
      const wait = Number(answer.headers.get("retry-after"));
      expect(wait).toBeGreaterThan(DAY_SECONDS - 60);
      expect(wait).toBeLessThanOrEqual(DAY_SECONDS);
    }
    expect(cloud.executed(person)).toBe(5);
    expect((await change(person)).code).toBe("accountProtected");
    await age(person, DAY_SECONDS);
    expect((await reset(person)).code).toBe("accountProtected");
  });

  test("the window slides: an hour later four of them are forgotten", async () => {
    const person = personWith(PROTECTED);
    for (const _ of "1234") await reset(person);
    await age(person, 3_600);
    await block(person);
    expect((await reset(person)).code).toBe("resetLimitReached");
  });

  test("a success clears", async () => {
    const person = personWith(PROTECTED);
    for (const _ of "1234") await reset(person);
    cloud.answers(person, () => ({ status: "succeeded" }));
    expect((await reset(person, second.url)).status).toBe(200);
    expect(await rowOf(person)).toBeUndefined();
    cloud.answers(person, () => PROTECTED);
    await block(person);
  });

  test("an administrator is not limited, and helps somebody who is blocked", async () => {
    const person = personWith(PROTECTED);
    await block(person);
    for (const _ of "123456") expect((await cloud.adminReset(person)).status).toBe(403);
    expect((await reset(person)).code).toBe("resetLimitReached");
    cloud.answers(person, () => ({ status: "succeeded" }));
    expect((await cloud.adminReset(person)).status).toBe(202);
    expect((await reset(person)).status).toBe(200);
  });

  test("a directory that is down blocks nobody", async () => {
    const person = personWith({ status: "failed", code: "directoryUnreachable" });
    for (const _ of "1234567") expect((await reset(person)).status).toBe(502);
    expect(await rowOf(person)).toBeUndefined();
  });
});

test("refusals by the policy are counted apart", async () => {
  const person = personWith(REFUSED);
  for (const _ of "1234567890") {
    expect((await reset(person)).code).toBe("passwordPolicyViolation");
    expect((await change(person)).code).toBe("passwordPolicyViolation");
  }
  expect((await reset(person)).code).toBe("resetLimitReached");
  const refused = await change(person);
  expect(refused).toMatchObject({ status: 429, code: "changeLimitReached" });
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(3_600);
  await age(person, 3_600);
  cloud.answers(person, () => ({ status: "succeeded" }));
  expect((await reset(person)).status).toBe(200);
});

describe("wrong current passwords", () => {
  test.each([
    [3, 2],
    [5, 4],
    [10, 5],
    [0, 5],
  ])("a directory that locks at %i sees %i", async (threshold, sent) => {
    const person = personWith(wrongBelow(threshold));
    for (let tried = 0; tried < 9; tried += 1)
      await change(person, tried % 2 === 0 ? "" : second.url);
    expect(cloud.executed(person)).toBe(sent);
    expect((await change(person)).code).toBe("changeLimitReached");
    expect((await cloud.change(person)).code).toBe("changeLimitReached");
  });

  test("where the agent cannot tell, it sees two; a reset is still possible, and clears", async () => {
    const person = personWith({ status: "failed", code: "currentPasswordWrong" });
    for (const _ of "123456") await change(person);
    expect(cloud.executed(person)).toBe(2);
    cloud.answers(person, () => ({ status: "succeeded" }));
    expect((await reset(person)).status).toBe(200);
    expect((await change(person)).status).toBe(200);
  });

  test("the threshold is for operators: no caller reads it", async () => {
    const person = personWith(wrongBelow(3));
    const answer = await change(person);
    expect(answer.text).not.toMatch(/lockout|1800/);
    expect(cloud.half.logged.join()).toContain('"lockoutThreshold":3');
  });
});

describe("what is not counted", () => {
  test("repeats: they join, also where no more attempts may be made", async () => {
    const person = personWith(PROTECTED);
    const key = { "Idempotency-Key": randomUUID() };
    const first = await cloud.portalReset(person, key);
    for (const _ of "123456789") {
      const again = await cloud.portalReset(person, key);
      expect([again.code, again.headers.get("idempotency-replayed")]).toEqual([first.code, "true"]);
    }
    expect((await countersOf(person))?.resets).toHaveLength(1);
    for (const _ of "1234") await reset(person);
    expect((await reset(person)).code).toBe("resetLimitReached");
    expect((await cloud.portalReset(person, key)).code).toBe("accountProtected");
  });

  test("a call that is refused for a limit may be made again with its key later", async () => {
    const person = personWith(PROTECTED);
    await block(person);
    const key = { "Idempotency-Key": randomUUID() };
    expect((await cloud.portalReset(person, key)).code).toBe("resetLimitReached");
    expect((await unblock(person.id)).status).toBe(204);
    const answer = await cloud.portalReset(person, key);
    expect([answer.code, answer.headers.get("idempotency-replayed")]).toEqual([
      "accountProtected",
      null,
    ]);
  });

  test("what is refused because another one is on its way, and what could not be sent", async () => {
    const person = cloud.silentPerson();
    const first = reset(person);
    await eventually("it was sent", () => cloud.executed(person) === 1);
    for (const _ of "123456") expect((await reset(person)).code).toBe("operationInProgress");
    expect((await first).code).toBe("outcomeUnknown");
    expect((await countersOf(person))?.resets).toHaveLength(1);

    const other = cloud.person();
    const { faults } = cloud.half.broker;
    faults.attach = (address, client) =>
      client === "sends" && address.startsWith("requests")
        ? { condition: "amqp:unauthorized-access", description: "withdrawn" }
        : undefined;
    faults.detach(/^requests/, { condition: "amqp:link:detach-forced", description: "moved" });
    try {
      for (const _ of "12") expect((await reset(other)).code).toBe("relayUnavailable");
    } finally {
      faults.attach = undefined;
    }
    expect(await rowOf(other)).toBeUndefined();
  });
});

test("an outcome that nobody knows counts, until the agent tells that it succeeded", async () => {
  const person = cloud.unresolvedPerson();
  const first = await reset(person);
  expect(first.code).toBe("outcomeUnknown");
  expect((await countersOf(person))?.resets).toHaveLength(1);
  const outcome = { version: 1, request: idIn(first.headers.get("location")), agent: "agent-1" };
  const told = await cloud.send("/v1.0/agents/agent-1/outcomes", {
    token: await cloud.half.tokens.agent(),
    body: { version: 1, outcomes: [{ ...outcome, status: "succeeded" }] },
  });
  expect(told.status).toBe(204);
  expect(await rowOf(person)).toBeUndefined();
});

describe("unblocking", () => {
  test("an operator lets somebody try again; once more is as good", async () => {
    const person = personWith(PROTECTED);
    await block(person);
    expect((await reset(person)).status).toBe(429);
    for (const _ of "12") expect(await unblock(person.id)).toMatchObject({ status: 204, text: "" });
    await block(person);
    expect(cloud.half.logged.join()).toContain(`"event":"unblocked"`);
  });

  test("an operator whose account is disabled lets nobody", async () => {
    const person = personWith(PROTECTED);
    await block(person);
    const { id: oid } = cloud.person({ accountEnabled: false });
    const token = await cloud.half.tokens.globalAdministrator({ oid });
    const answer = await cloud.send(`/v1.0/users/${person.id}/unblock`, { token });
    expect(answer).toMatchObject({ status: 403, code: "accessDenied" });
    expect((await reset(person)).code).toBe("resetLimitReached");
  });

  test("nobody whom Graph does not know, and with no body", async () => {
    expect(await unblock(randomUUID())).toMatchObject({ status: 404, code: "userNotFound" });
    const token = await cloud.half.tokens.globalAdministrator();
    const path = `/v1.0/users/${cloud.person().id}/unblock`;
    expect((await cloud.send(path, { token, body: { all: true } })).code).toBe("invalidRequest");
  });
});

test("who is unknown, disabled or blocked reads the same; the portal is told which", async () => {
  const [disabled, blocked] = [
    personWith({ status: "failed", code: "accountDisabled" }),
    personWith(PROTECTED),
  ];
  await block(blocked);
  const unknown = { ...disabled, id: randomUUID() };
  const answers = [await reset(unknown), await reset(disabled), await reset(blocked)];
  expect(answers.map(({ code }) => code)).toEqual([
    "userNotFound",
    "accountDisabled",
    "resetLimitReached",
  ]);
  for (const { body } of answers)
    expect(body.error).toMatchObject({ message: TEXTS.contactAdministrator });
});

test("a damaged row lets nobody through", async () => {
  const person = cloud.person();
  const row = { partitionKey: person.id, rowKey: "own", until: new Date(Date.now() + 1_000_000) };
  await cloud.table("throttle").createEntity({ ...row, state: '{"resets":5}' });
  expect(await reset(person)).toMatchObject({ status: 503, code: "recordsUnavailable" });
  expect(cloud.executed(person)).toBe(0);
  expect((await unblock(person.id)).status).toBe(204);
  expect((await reset(person)).status).toBe(200);
});

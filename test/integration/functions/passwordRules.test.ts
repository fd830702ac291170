import { readFileSync } from "node:fs";
import { CONNECTOR, type SampleUser } from "../../../local/samples.ts";
import { ADMINISTRATORS } from "../../../local/stack/tenant.ts";
import type { Verdict } from "../../../protocol/outcome.ts";
import { type PasswordRules, passwordRules } from "../../../protocol/passwordRules.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import { type Answer, eventually, TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());

const RULES: PasswordRules = {
  minimumLength: 16,
  complexity: true,
  namesRefused: true,
  historyLength: 5,
  minimumAgeSeconds: 86_400,
  changeAllowedFrom: "2026-01-03T02:04:05.000Z",
  resetAllowed: true,
  enforcedOnReset: true,
  locked: false,
  passwordFilter: { helpText: "No names of products, please." },
};
const told = (rules: PasswordRules): Verdict => ({
  status: "succeeded",
  detail: { rules },
  directory: { server: "dc1.corp.example" },
});
const PAGE = readFileSync("docs/passwordRules.md", "utf8");
const EXAMPLE = JSON.parse(/```json\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? "");

const ROUTES: Readonly<Record<string, (user: Pick<SampleUser, "id">) => Promise<Answer>>> = {
  self: async (user) =>
    cloud.get("/v1.0/me/passwordRules", await cloud.half.tokens.user(user as SampleUser)),
  portal: async ({ id }) =>
    cloud.send("/v1.0/selfService/passwordRules", {
      token: await cloud.half.tokens.portal(),
      body: { user: id },
    }),
  admin: async ({ id }) =>
    cloud.get(`/v1.0/users/${id}/passwordRules`, await cloud.half.tokens.helpdesk()),
};
const each = Object.entries(ROUTES);
const ask = (route: string, user: Pick<SampleUser, "id">): Promise<Answer> =>
  (ROUTES[route] as (typeof ROUTES)[string])(user);

/** Somebody new with these rules. */
function person(verdict: Verdict = told(RULES)): SampleUser {
  const user = cloud.person();
  cloud.answers(user, () => verdict);
  return user;
}

describe.each(each)("asked by %s", (origin, route) => {
  test("the answer is the one of the page", async () => {
    const user = person();
    const answer = await route(user);
    expect([answer.status, answer.body]).toEqual([200, EXAMPLE]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(cloud.half.agent.requests.at(-1)).toMatchObject({
      operation: "passwordRules",
      origin,
      target: { id: user.id, sourceAnchor: user.sourceAnchor },
      trackingId: answer.headers.get("request-id"),
    });
    const [line] = cloud.half.logged.filter((text) => text.includes('"event":"passwordRules"'));
    expect(line).toContain('"server":"dc1.corp.example"');
  });

  test("what is unknown is null, and never left out", async () => {
    const { body } = await route(person(told({})));
    expect(body).toEqual({
      minimumLength: null,
      complexity: null,
      historyLength: null,
      minimumAgeSeconds: null,
      changeAllowedFrom: null,
      resetAllowed: null,
      enforcedOnReset: null,
      locked: null,
      passwordFilter: null,
    });
  });

  test.each<[Verdict, number, string]>([
    [{ status: "failed", code: "accountProtected" }, 403, "accountProtected"],
    [{ status: "failed", code: "accountDisabled" }, 403, "accountDisabled"],
    [{ status: "failed", code: "directoryUnreachable" }, 502, "directoryUnreachable"],
    [{ status: "failed", code: "requestVersionUnsupported" }, 502, "requestVersionUnsupported"],
    [{ status: "failed" }, 502, "directoryRefused"],
    [{ status: "unknown", code: "outcomeUnknown" }, 502, "agentSilent"],
    [{ status: "succeeded" }, 502, "replyInvalid"],
  ])("%j is %i %s, and is not kept", async (verdict, status, code) => {
    const user = person(verdict);
    expect(await route(user)).toMatchObject({ status, code });
    cloud.answers(user, () => told(RULES));
    expect((await route(user)).status).toBe(200);
  });

  test("within seconds the agent is asked once, and once more after a write", async () => {
    const user = person();
    const first = await route(user);
    cloud.answers(user, () => told({ ...RULES, minimumLength: 4 }));
    expect((await route(user)).body).toEqual(first.body);
    expect(cloud.executed(user)).toBe(1);
    expect((await cloud.portalReset(user)).status).toBe(200);
    expect((await route(user)).body).toMatchObject({ minimumLength: 4 });
    expect(cloud.executed(user)).toBe(3);
  });
});

test("the page has a row for each member, and no other", () => {
  const { complexity, ...rest } = EXAMPLE;
  const members = [...Object.keys(rest), "complexity"];
  const nested = Object.keys(complexity).map((name) => `complexity.${name}`);
  const rows = [...PAGE.matchAll(/^\| `([a-zA-Z.]+)` \|/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual([...members, ...nested].sort());
  const told = Object.keys(passwordRules.shape).filter((name) => name !== "namesRefused");
  expect(members.sort()).toEqual(told.sort());
});

test("where the rule of classes is not in force nothing is asked for", async () => {
  const rules = { ...RULES, complexity: false, namesRefused: false, passwordFilter: {} };
  expect((await ask("self", person(told(rules)))).body).toMatchObject({
    complexity: { minimumClasses: 0, classes: [], namesRefused: false },
    passwordFilter: { helpText: null },
  });
});

test("who asks as an administrator is not told what the owner would be", async () => {
  const user = cloud.person();
  cloud.answers(user, ({ origin }) =>
    origin === "admin" ? { status: "failed", code: "accountProtected" } : told(RULES),
  );
  expect((await ask("self", user)).status).toBe(200);
  expect(await ask("admin", user)).toMatchObject({ status: 403, code: "accountProtected" });
});

test("an agent that never answers: 502 after the wait, and the call may be repeated", async () => {
  const answer = await ask("self", cloud.silentPerson());
  expect(answer).toMatchObject({ status: 502, code: "agentSilent" });
  expect(answer.headers.get("location")).toBeNull();
});

test("an unresolved write of the same person bars another one, and no question", async () => {
  const user = cloud.person();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  cloud.answers(user, async ({ operation }) => {
    if (operation === "passwordRules") return told(RULES);
    await released;
    return { status: "unknown", code: "outcomeUnknown" };
  });
  const writing = cloud.portalReset(user);
  await eventually("the write is at work", () => cloud.executed(user) === 1);
  expect(await cloud.change(user)).toMatchObject({ status: 409, code: "operationInProgress" });
  for (const [, route] of each) expect((await route(user)).status).toBe(200);
  release();
  expect(await writing).toMatchObject({ status: 500, code: "outcomeUnknown" });
});

test("a question that nobody answers bars no write", async () => {
  const user = cloud.person();
  cloud.answers(user, ({ operation }) =>
    operation === "passwordRules" ? undefined : { status: "succeeded" },
  );
  const asking = ask("self", user);
  await eventually("the question is asked", () => cloud.executed(user) === 1);
  expect((await cloud.change(user)).status).toBe(204);
  expect(await asking).toMatchObject({ status: 502, code: "agentSilent" });
});

test("no operation is left behind, nor anything to conclude", async () => {
  const user = person();
  await ask("self", user);
  const id = cloud.half.agent.requests.at(-1)?.jti ?? "";
  const token = await cloud.half.tokens.user(user);
  expect(await cloud.get(`/v1.0/me/operations/${id}`, token)).toMatchObject({ status: 404 });
  for (const name of ["operations", "unresolved", "reservations"] as const)
    for await (const row of cloud.table(name).listEntities())
      expect(JSON.stringify(row)).not.toContain(id);
});

describe("refused before the agent is asked", () => {
  const sent = () => cloud.half.broker.queue(requestsQueueName(CONNECTOR)).stats.enqueued;
  const nobody = { id: "00000000-0000-4000-8000-000000000000" };
  const cloudOnly = () => cloud.person({ onPremisesSyncEnabled: null });

  test.each(each)("by %s: strangers and people who are only in the cloud", async (_, route) => {
    const before = sent();
    expect(await route(nobody)).toMatchObject({ status: 404, code: "userNotFound" });
    expect(await route(cloudOnly())).toMatchObject({ status: 409, code: "userNotSynchronized" });
    expect(sent()).toBe(before);
  });

  test("an administrator's own account on the administrator's route", async () => {
    const self = { id: ADMINISTRATORS.helpdesk.objectId };
    expect(await ask("admin", self)).toMatchObject({ status: 403, code: "ownAccount" });
  });

  test("a body of the portal that is none", async () => {
    const token = await cloud.half.tokens.portal();
    const path = "/v1.0/selfService/passwordRules";
    for (const [body, code] of [
      [undefined, "bodyMissing"],
      [{}, "invalidRequest"],
      [{ user: "../me" }, "invalidRequest"],
      [{ user: cloud.person().id, proof: {} }, "invalidRequest"],
    ] as const)
      expect(await cloud.send(path, { token, body })).toMatchObject({ status: 400, code });
  });

  test.each(each)("by %s: no live agent, although the rules are known", async (_, route) => {
    const user = person();
    expect((await route(user)).status).toBe(200);
    await cloud.half.heartbeat({ state: "stopping" });
    const answer = await route(user);
    await cloud.half.heartbeat();
    expect(answer).toMatchObject({ status: 503, code: "noLiveAgent" });
  });
});

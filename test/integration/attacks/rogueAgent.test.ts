import { randomBytes, randomUUID } from "node:crypto";
import type { TrustedAgent } from "../../../protocol/trustList.ts";
import { newAgent } from "../../unit/protocol/world.ts";
import { idIn, pathOf, TestCloud } from "../functions/testCloud.ts";

/** Service principal of an agent that really is enrolled, on another connector. */
const OTHER = "7d3c2f10-0000-4000-8000-00000000b777";

interface Lost {
  readonly id: string;
  readonly status: () => Promise<unknown>;
}

let cloud: TestCloud;
let lost: Lost[];
beforeAll(async () => {
  cloud = await TestCloud.start();
  const { agent } = cloud.half;
  const other: TrustedAgent = {
    ...(await newAgent("agent-2")).entry,
    servicePrincipal: OTHER,
    connector: "emea",
    expires: agent.entry.expires,
  };
  await cloud.half.publish([agent.entry, other]);
  // All at once: each of them takes the whole wait.
  lost = await Promise.all(Array.from({ length: 4 }, lose));
});
afterAll(() => cloud?.half.stop());
beforeEach(() => cloud.half.heartbeat());

const own = () => cloud.half.tokens.agent();
const others = () => cloud.half.tokens.agent({ oid: OTHER });
let counter = Date.now() + 1_000_000;
const beat = (changes = {}) => {
  counter += 1;
  return {
    version: 1,
    nonce: randomBytes(24).toString("base64url"),
    counter,
    agentVersion: "1.0.0",
    state: "listening",
    relay: "up",
    directory: { state: "up" },
    serial: 1,
    ...changes,
  };
};
const heartbeat = (id: string, token: string, body: unknown) =>
  cloud.send(`/v1.0/agents/${id}/heartbeat`, { token, body });
const tell = (id: string, token: string, outcome: object) =>
  cloud.send(`/v1.0/agents/${id}/outcomes`, {
    token,
    body: { version: 1, outcomes: [{ version: 1, status: "succeeded", ...outcome }] },
  });

/** An operation of the first agent's connector that nobody has concluded. */
function unresolved(): Lost {
  const next = lost.pop();
  if (!next) throw new Error("no operation is left");
  return next;
}
async function lose(): Promise<Lost> {
  const person = cloud.silentPerson();
  const { code, headers } = await cloud.change(person);
  expect(code).toBe("outcomeUnknown");
  const location = headers.get("location");
  const status = async () =>
    (await cloud.get(pathOf(location), await cloud.half.tokens.user(person))).body.status;
  return { id: idIn(location), status };
}

test("an agent with its own token on another agent's id is refused, and changes nothing of it", async () => {
  const { id, status } = unresolved();
  const answers = [
    await heartbeat("agent-1", await others(), beat({ state: "stopping" })),
    await heartbeat("agent-2", await own(), beat()),
    await tell("agent-1", await others(), { request: id, agent: "agent-1" }),
    await tell("agent-1", await others(), { request: id, agent: "agent-2" }),
  ];
  for (const answer of answers) expect(answer.status).toBe(403);
  expect(await status()).toBe("running");
  expect((await cloud.change(cloud.person())).status).toBe(204);
});

test("an agent concludes no operation of another connector, nor one that never was", async () => {
  const { id, status } = unresolved();
  await tell("agent-2", await others(), { request: id, agent: "agent-2" });
  await tell("agent-2", await others(), { request: randomUUID(), agent: "agent-2" });
  expect(await status()).toBe("running");
  // The right one does.
  expect((await tell("agent-1", await own(), { request: id, agent: "agent-1" })).status).toBe(204);
  expect(await status()).toBe("succeeded");
});

test("a replayed heartbeat is refused and says nothing of the agent", async () => {
  const old = beat({ state: "stopping" });
  expect((await heartbeat("agent-1", await own(), old)).status).toBe(200);
  expect((await heartbeat("agent-1", await own(), beat())).status).toBe(200);
  const replayed = await heartbeat("agent-1", await own(), old);
  expect(replayed.status).toBeGreaterThanOrEqual(400);
  expect(replayed.status).toBeLessThan(500);
  expect((await cloud.change(cloud.person())).status).toBe(204);
});

test("a replayed late outcome changes nothing, and neither does its contrary", async () => {
  const { id, status } = unresolved();
  const failed = { request: id, agent: "agent-1", status: "failed", code: "superseded" };
  await tell("agent-1", await own(), failed);
  expect(await status()).toBe("failed");
  await tell("agent-1", await own(), failed);
  await tell("agent-1", await own(), { ...failed, status: "succeeded", code: undefined });
  expect(await status()).toBe("failed");
});

test("a forged late outcome, by whoever is no agent, is refused", async () => {
  const { id, status } = unresolved();
  const { tokens } = cloud.half;
  const forged = [
    await tokens.portal(),
    await tokens.helpdesk(),
    await tokens.globalAdministrator(),
    await tokens.agent({ roles: undefined }),
    await tokens.agent({ tid: "7d3c2f10-0000-4000-8000-00000000bbbb" }),
    `${(await own()).slice(0, -8)}AAAAAAAA`,
  ];
  for (const token of forged)
    expect([401, 403]).toContain(
      (await tell("agent-1", token, { request: id, agent: "agent-1" })).status,
    );
  expect(await status()).toBe("running");
});

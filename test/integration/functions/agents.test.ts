import { randomUUID } from "node:crypto";
import type { TrustedAgent } from "../../../protocol/trustList.ts";
import { type Answer, TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
let entry: TrustedAgent;
beforeAll(async () => {
  cloud = await TestCloud.start();
  entry = cloud.half.agent.entry;
});
afterAll(() => cloud.half.stop());
afterEach(() => cloud.half.publish([entry]));

const read = async (path: string): Promise<Answer> =>
  cloud.get(`/v1.0/${path}`, await cloud.half.tokens.globalAdministrator());
const another = (id: string, changes: Partial<TrustedAgent> = {}): TrustedAgent => ({
  ...entry,
  id,
  servicePrincipal: randomUUID(),
  kid: id.padEnd(43, "A"),
  ...changes,
});

test("an agent as the list names it and as it was last heard, with the list it has acknowledged", async () => {
  await cloud.half.heartbeat({ serial: 1, agentVersion: "0.1.0" });
  await cloud.half.publish([entry]);
  const { status, body } = await read("agents");
  expect(status).toBe(200);
  expect(body).toEqual({
    trustListSerial: 2,
    value: [
      {
        id: "agent-1",
        connector: "corp",
        listed: true,
        servicePrincipal: entry.servicePrincipal,
        kid: entry.kid,
        keyExpires: new Date(entry.expires * 1_000).toISOString(),
        live: true,
        state: "listening",
        relay: "up",
        directory: "up",
        agentVersion: "0.1.0",
        heardAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        serial: 1,
      },
    ],
  });
});

test("listed and never heard, heard and no longer listed: both are shown, neither is live", async () => {
  await cloud.half.heartbeat();
  await cloud.half.publish([another("agent-9")]);
  const { body } = await read("agents");
  expect(body.value).toMatchObject([
    { id: "agent-9", listed: true, live: false },
    { id: "agent-1", listed: false, live: false, state: "listening" },
  ]);
  expect((body.value as object[])[0]).not.toHaveProperty("heardAt");
});

test("an agent whose key has expired is refused, and may still tell what it did before", async () => {
  await cloud.half.publish([{ ...entry, expires: Math.floor(Date.now() / 1_000) - 1 }]);
  const token = await cloud.half.tokens.agent();
  const refused = await cloud.half.heartbeat();
  expect(refused.status).toBe(403);
  expect(JSON.stringify(await refused.json())).toContain('"agentKeyExpired"');
  const outcomes = await cloud.send("/v1.0/agents/agent-1/outcomes", {
    token,
    body: {
      version: 1,
      outcomes: [{ version: 1, request: randomUUID(), agent: "agent-1", status: "succeeded" }],
    },
  });
  expect(outcomes.status).toBe(204);
});

test("agent A with its own token on agent B's id is refused on both routes", async () => {
  await cloud.half.publish([entry, another("agent-2")]);
  const token = await cloud.half.tokens.agent();
  const told = {
    version: 1,
    outcomes: [{ version: 1, request: randomUUID(), agent: "agent-2", status: "succeeded" }],
  };
  const beat = {
    ...{ version: 1, nonce: "A".repeat(22), counter: Date.now(), agentVersion: "0.1.0" },
    ...{ state: "listening", relay: "up", directory: { state: "up" }, serial: 1 },
  };
  for (const id of ["agent-2", "agent-3"])
    for (const [route, body] of [
      ["heartbeat", beat],
      ["outcomes", told],
    ])
      expect(await cloud.send(`/v1.0/agents/${id}/${route}`, { token, body })).toMatchObject({
        status: 403,
        code: "agentNotListed",
      });
});

test("the states, from running to nobody enrolled to trouble of our own", async () => {
  const stateNow = async () => {
    const { body } = await read("status");
    return (body.value as { connector: string; state: string; causes: { code: string }[] }[])[0];
  };
  await cloud.half.heartbeat({ agentVersion: "0.1.0", serial: 100 });
  expect(await stateNow()).toMatchObject({ connector: "corp", state: "running", causes: [] });
  await cloud.half.heartbeat({ agentVersion: "0.1.0", relay: "down" });
  expect(await stateNow()).toMatchObject({
    state: "notReachable",
    causes: [{ code: "noLiveAgent" }, { code: "agentRelayDown" }, { code: "agentTrustListOld" }],
  });
  await cloud.half.publish([]);
  expect(await stateNow()).toMatchObject({ state: "notConfigured" });
  await cloud.half.operator.publish([], [entry]);
  expect(await stateNow()).toMatchObject({
    state: "serviceTrouble",
    causes: [{ code: "trustListUnavailable" }],
  });
});

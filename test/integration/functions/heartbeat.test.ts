import { randomBytes } from "node:crypto";
import { decodeProtectedHeader } from "jose";
import { ROOT_KEY_NAME, SIGNING_KEY_NAME } from "../../../local/stack/operator.ts";
import { verifyHeartbeatAnswer } from "../../../protocol/heartbeat.ts";
import { publicKey } from "../../../protocol/trustList.ts";
import { type Answer, TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());

const beat = (changes: Record<string, unknown> = {}) => ({
  version: 1,
  nonce: randomBytes(24).toString("base64url"),
  counter: Date.now() + 1_000_000 + Math.floor(performance.now() * 1_000),
  agentVersion: "1.0.0",
  state: "listening",
  relay: "up",
  directory: { state: "up", server: "dc1.corp.example", policyHints: true },
  serial: 1,
  ...changes,
});
const send = async (body: unknown, id = "agent-1", token?: string): Promise<Answer> =>
  cloud.send(`/v1.0/agents/${id}/heartbeat`, {
    token: token ?? (await cloud.half.tokens.agent()),
    body,
  });
const root = async () =>
  publicKey.parse((await cloud.half.vault.ensureKey(ROOT_KEY_NAME)).publicJwk);

test("the answer verifies from the root key upwards, over this nonce, with the cloud's time", async () => {
  const body = beat();
  const before = Date.now() / 1_000;
  const answer = await send(body);
  expect(answer.status).toBe(200);
  const expected = { agent: "agent-1", nonce: body.nonce };
  const read = await verifyHeartbeatAnswer(String(answer.body.answer), expected, await root(), 1);
  expect(read.answer.iat).toBeGreaterThanOrEqual(before);
  expect(read.answer.iat).toBeLessThanOrEqual(Date.now() / 1_000);
  expect(read.list.agents).toEqual([cloud.half.agent.entry]);
  const other = { ...expected, nonce: beat().nonce };
  await expect(
    verifyHeartbeatAnswer(String(answer.body.answer), other, await root(), 1),
  ).rejects.toMatchObject({ code: "heartbeatAnswerInvalid" });
});

test("each agent that is heard is logged by name, and one that is refused is not", async () => {
  const heard = () =>
    cloud.half.logged
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(({ event }) => event === "agentHeard");
  const before = heard().length;
  const again = beat();
  await send(again);
  expect(heard().slice(before)).toMatchObject([
    { connector: cloud.half.agent.entry.connector, agent: "agent-1" },
  ]);
  await send(again);
  await send(beat(), "agent-2");
  expect(heard().length).toBe(before + 1);
});

test("an old list that was put back is found out by the first agent that saw the newer one", async () => {
  const { half } = cloud;
  const table = cloud.table("ground");
  const row = ["ground", "trust"] as const;
  await half.publish([half.agent.entry]);
  const { parts } = half.running;
  const { list } = await parts.trust.current();
  const old = await table.getEntity<{ jws: string }>(...row);
  await half.publish([half.agent.entry]);
  const newest = await table.getEntity<{ jws: string }>(...row);
  const put = (jws: string) =>
    table.upsertEntity({ partitionKey: "ground", rowKey: "trust", jws }, "Replace");
  await put(old.jws);
  expect((await send(beat({ serial: list.serial }))).status).toBe(200);
  expect(await send(beat({ serial: list.serial + 1 }))).toMatchObject({
    status: 503,
    code: "trustListUnavailable",
  });
  expect(await cloud.change(cloud.person())).toMatchObject({ code: "trustListUnavailable" });
  await put(newest.jws);
  expect((await send(beat({ serial: list.serial + 1 }))).status).toBe(200);
});

test("an agent that lies about the newest list changes nothing, with the vault or without", async () => {
  const { half } = cloud;
  for (const withdrawn of [false, true]) {
    half.withdraw(withdrawn);
    const answer = await send(beat({ serial: Number.MAX_SAFE_INTEGER }));
    half.withdraw(false);
    expect(answer.status).toBe(200);
  }
  expect((await cloud.change(cloud.person())).status).toBe(204);
});

test("an agent that the list does not name, or another's id, is refused", async () => {
  expect(await send(beat(), "agent-2")).toMatchObject({ status: 403, code: "agentNotListed" });
  const { entry } = cloud.half.agent;
  const other = {
    ...entry,
    id: "agent-2",
    servicePrincipal: "7d3c2f10-0000-4000-8000-00000000b999",
  };
  await cloud.half.publish([entry, other]);
  expect(await send(beat(), "agent-2")).toMatchObject({ status: 403, code: "agentNotListed" });
  expect((await send(beat())).status).toBe(200);
});

test("another application with the agents' role cannot speak for it", async () => {
  const token = await cloud.half.tokens.agent({ oid: "7d3c2f10-0000-4000-8000-00000000b999" });
  expect(await send(beat(), "agent-1", token)).toMatchObject({
    status: 403,
    code: "agentNotListed",
  });
});

test("a counter that is not above the last one is refused and changes nothing", async () => {
  const body = beat({ state: "listening" });
  expect((await send(body)).status).toBe(200);
  for (const counter of [body.counter, body.counter - 1]) {
    const old = await send({ ...beat({ state: "stopping" }), counter });
    expect(old).toMatchObject({ status: 400, code: "invalidRequest" });
    expect(old.body.error?.target).toBe("counter");
  }
  expect((await cloud.change(cloud.person())).status).toBe(204);
});

test("of ten with one counter at once, one counts", async () => {
  const body = beat();
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(body)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test("a heartbeat that is none is refused", async () => {
  for (const wrong of [{ counter: 0 }, { nonce: "short" }, { version: 2 }, { relay: "half" }])
    expect(await send(beat(wrong))).toMatchObject({ status: 400, code: "invalidRequest" });
});

test("what a newer agent adds is left out and kept nowhere, up to the size of a body", async () => {
  const directory = { state: "up", server: "dc1.corp.example", mood: "good" };
  expect((await send(beat({ queueLength: 3, directory }))).status).toBe(200);
  const rows = cloud.table("ground").listEntities();
  for await (const row of rows) expect(JSON.stringify(row)).not.toMatch(/queueLength|mood/);
  expect(await send(beat({ note: "x".repeat(16_384) }))).toMatchObject({ code: "bodyTooLarge" });
});

test("the answer says that it was read so", async () => {
  const { body } = await send(beat());
  expect(decodeProtectedHeader(String(body.answer))).toMatchObject({ reads: 2 });
});

test("a new signing key is used as soon as the list names it, and the old one no more", async () => {
  const before = cloud.half.vault.signatures(SIGNING_KEY_NAME);
  const { operator, vault, agent } = cloud.half;
  const key = await vault.createKey(SIGNING_KEY_NAME);
  await operator.publish([key], [agent.entry]);
  const body = beat();
  const answer = await send(body);
  const expected = { agent: "agent-1", nonce: body.nonce };
  const { list } = await verifyHeartbeatAnswer(
    String(answer.body.answer),
    expected,
    await root(),
    1,
  );
  expect(list.signingKeys.map(({ kid }) => kid)).toEqual([key.id]);
  expect(vault.signatures(SIGNING_KEY_NAME)).toBe(before + 1);
  for (const _ of "123") await send(beat());
  expect(vault.signatures(SIGNING_KEY_NAME)).toBe(before + 1);
});

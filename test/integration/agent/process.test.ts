import { randomUUID } from "node:crypto";
import { SERVICE_ACCOUNT } from "../../../local/samples.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import { AgentFixture } from "./agentFixture.ts";
import type { AgentProcess } from "./agentProcess.ts";
import { type ScriptedCloud, until } from "./scriptedCloud.ts";
import { TrustRoot } from "./trustRoot.ts";

const QUEUE = requestsQueueName("corp");
const CANARIES = ["Canary-Current-71!", "Canary-Next-82!", "Canary-Other-93!"] as const;

let fixture: AgentFixture;
let cloud: ScriptedCloud;
let directory: AgentFixture["directory"];
let key: AgentFixture["key"];
let agent: AgentProcess;

beforeAll(async () => {
  fixture = await AgentFixture.open();
  ({ cloud, directory, key } = fixture);
  agent = await fixture.start("agent", { overrides: { maximumJobs: 4 } });
}, 60_000);
afterAll(async () => {
  await agent?.child.stop();
  await fixture?.close();
});

const request: AgentFixture["request"] = (wish) => fixture.request(wish);
const resetOf: AgentFixture["resetOf"] = (...asked) => fixture.resetOf(...asked);

test("before it listened it had said so, with a counter that grew and the directory's state", async () => {
  await until("the second heartbeat", () => cloud.beats.length > 1);
  const [first, second] = cloud.beats;
  expect(first).toMatchObject({ state: "waiting", relay: "up", serial: 0 });
  expect(second).toMatchObject({
    state: "listening",
    relay: "up",
    serial: 1,
    directory: { state: "up", server: "dc1.corp.example", policyHints: true },
  });
  expect(second?.counter).toBeGreaterThan(first?.counter ?? 0);
});

test("a reset and then a change: both answered, both true", async () => {
  const reset = resetOf("alex", CANARIES[0]);
  expect(await cloud.ask(reset, key)).toEqual({
    version: 1,
    request: reset.jti,
    agent: "agent-1",
    status: "succeeded",
    detail: { wasLocked: false },
    directory: {
      ...{ server: "dc1.corp.example", policyEnforced: true },
      ...{ keyVersionBefore: 1, keyVersionAfter: 2 },
    },
  });
  const change = request({
    operation: "change",
    target: fixture.target("alex"),
    currentPassword: CANARIES[0],
    newPassword: CANARIES[1],
  });
  expect(await cloud.ask(change, key)).toMatchObject({ status: "succeeded" });
  expect(await fixture.binds("alex", CANARIES[1])).toBe("ok");
});

test("one accepted and one outcome record per request, with its ids", async () => {
  const probe = request({ operation: "probe" });
  expect(await cloud.ask(probe, key)).toMatchObject({ status: "succeeded" });
  const records = agent.records.filter(({ requestId }) => requestId === probe.jti);
  expect(records.map(({ name }) => name)).toEqual(["accepted", "outcome"]);
  expect(records.every(({ trackingId }) => trackingId === probe.trackingId)).toBe(true);
});

test("several at once, two of them for one user", async () => {
  const requests = ["sam", "sam", "mia", "lee", "alex"].map((name) => fixture.unlockOf(name));
  const outcomes = await Promise.all(requests.map((each) => cloud.ask(each, key)));
  expect(outcomes.every(({ status }) => status === "succeeded")).toBe(true);
});

describe("messages that are no request for this agent are logged, settled, and change nothing", () => {
  const other = TrustRoot.create();

  async function refused(name: string, send: () => Promise<void>): Promise<void> {
    const before = agent.named(name).length;
    const { modifies } = directory.counters;
    await send();
    await agent.logs(name, before + 1);
    await until("the message is settled", () => cloud.broker.queue(QUEUE).size === 0);
    expect(directory.counters.modifies).toBe(modifies);
    expect(await cloud.ask(request({ operation: "probe" }), key)).toMatchObject({
      status: "succeeded",
    });
  }

  test.each([
    ["empty", Buffer.alloc(0)],
    ["no JSON", Buffer.from("hello")],
    ["another JSON", Buffer.from('{"operation":"reset"}')],
    ["binary", Buffer.from([0xff, 0xfe, 0x00])],
  ])("%s", (_, body) => refused("envelopeMalformed", () => cloud.sendBody(body)));

  test("text instead of bytes", () => refused("envelopeMalformed", () => cloud.sendBody("{}")));

  test("truncated", () =>
    refused("envelopeMalformed", async () => {
      const sealed = await cloud.root.seal(resetOf("sam", CANARIES[2]), key);
      await cloud.sendBody(sealed.subarray(0, sealed.length - 20));
    }));

  test("one bit changed", () =>
    refused("envelopeMalformed", async () => {
      const sealed = await cloud.root.seal(resetOf("sam", CANARIES[2]), key);
      const envelope = JSON.parse(Buffer.from(sealed).toString());
      const ciphertext = Buffer.from(envelope.ciphertext, "base64url");
      ciphertext[100] = (ciphertext[100] ?? 0) ^ 1;
      envelope.ciphertext = ciphertext.toString("base64url");
      await cloud.sendBody(Buffer.from(JSON.stringify(envelope)));
    }));

  test("too large", () =>
    refused("envelopeTooLarge", () => cloud.sendBody(Buffer.alloc(100_000, 0x20))));

  test("signed by somebody else", () =>
    refused("certificateInvalid", async () => {
      await cloud.sendBody(await (await other).seal(resetOf("sam", CANARIES[2]), key));
    }));

  test.each([
    ["another connector", { aud: "other" }, "requestAudienceWrong"],
    ["another tenant", { iss: randomUUID() }, "requestAudienceWrong"],
    ["the future", { iat: Date.now() / 1_000 + 3_600 }, "requestFromFuture"],
    ["a newer version", { version: 2 }, "requestVersionUnsupported"],
  ])("for or from %s", (_, wish, name) =>
    refused(name, () => cloud.send(resetOf("sam", CANARIES[2], wish), key)),
  );
});

test("an expired request fails for certain, and nothing is written", async () => {
  const { modifies } = directory.counters;
  const now = Date.now() / 1_000;
  const late = resetOf("sam", CANARIES[2], { iat: now - 20, exp: now - 1 });
  expect(await cloud.ask(late, key)).toMatchObject({ status: "failed", code: "requestExpired" });
  expect(directory.counters.modifies).toBe(modifies);
});

test("the same envelope in a second message is settled, not executed again, not answered", async () => {
  const reset = resetOf("sam", CANARIES[1]);
  const sealed = await cloud.root.seal(reset, key);
  await cloud.sendBody(sealed, reset.jti);
  expect(await cloud.answer(reset)).toMatchObject({ status: "succeeded" });
  const { modifies } = directory.counters;
  await cloud.sendBody(sealed);
  await agent.logs("requestRepeated");
  await until("the message is settled", () => cloud.broker.queue(QUEUE).size === 0);
  expect((await cloud.answers(reset)).map(({ status }) => status)).toEqual(["succeeded"]);
  expect(directory.counters.modifies).toBe(modifies);
});

test("the answer to a write is lost: the caller is told what the directory shows", async () => {
  directory.faults.next("modify", { kind: "drop", applied: true });
  const outcome = await cloud.ask(resetOf("mia", CANARIES[1]), key);
  expect(outcome).toMatchObject({ status: "succeeded", detail: { wasLocked: false } });
});

test("connections to the relay cut: the agent comes back by itself", async () => {
  cloud.broker.faults.dropConnections();
  await until("both are back", () => cloud.broker.connections >= 2);
  expect(await cloud.ask(request({ operation: "probe" }), key)).toMatchObject({
    status: "succeeded",
  });
}, 30_000);

test("nothing that anybody typed is in the log", () => {
  const { text } = agent;
  for (const secret of [...CANARIES, SERVICE_ACCOUNT.password]) expect(text).not.toContain(secret);
  for (const part of ["Canary-", "DSID", "comment:", "eyJ"]) expect(text).not.toContain(part);
});

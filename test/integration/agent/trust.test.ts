import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { seed } from "../../../local/seed.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import { AgentProcess } from "./agentProcess.ts";
import { ScriptedCloud, until } from "./scriptedCloud.ts";
import { type EnrolledKey, enrolledKey, TrustRoot } from "./trustRoot.ts";

const QUEUE = requestsQueueName("corp");
const folder = mkdtempSync(join(tmpdir(), "agent-trust-"));
let certificates: LocalCertificates;
let cloud: ScriptedCloud;
let directory: SimulatedDirectory;
let key: EnrolledKey;
let agent: AgentProcess | undefined;
let runs = 0;

beforeAll(async () => {
  certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
  directory = await startSimulatedDirectory({ certificates });
  await seed(directory);
}, 60_000);
beforeEach(async () => {
  key = await enrolledKey();
  cloud = await ScriptedCloud.start(certificates, await TrustRoot.create());
  cloud.agents = [cloud.root.entry("agent-1", key)];
});
afterEach(async () => {
  await agent?.child.stop();
  await cloud.stop();
});
afterAll(async () => {
  await directory.stop();
  rmSync(folder, { recursive: true });
});

async function start(name?: string, overrides = {}): Promise<AgentProcess> {
  runs += 1;
  agent = await AgentProcess.start({
    folder: join(folder, name ?? `run-${runs}`),
    certificates,
    cloud,
    directory,
    key,
    overrides,
  });
  return agent;
}

test("an agent that the list does not name beats and waits, and takes nothing", async () => {
  cloud.agents = [];
  const waiting = await start();
  await waiting.logs("agentNotTrusted");
  await cloud.send(cloud.root.request({ operation: "probe" }), key);
  await until("a heartbeat", () => cloud.beats.length > 0);
  expect(cloud.beats.every(({ state }) => state === "waiting")).toBe(true);
  expect(waiting.named("listening")).toEqual([]);
  expect(cloud.broker.queue(QUEUE).size).toBe(1);
});

test("a message sealed for others is put back at once and left to them", async () => {
  const listening = await start();
  await listening.logs("listening");
  const other = await enrolledKey();
  await cloud.send(cloud.root.request({ operation: "probe" }), other);
  await listening.logs("envelopeNotForThisAgent");
  await until("it is back", () => cloud.broker.queue(QUEUE).stats.abandoned === 1);
  expect(cloud.broker.queue(QUEUE).size).toBe(1);
  expect(listening.named("envelopeNotForThisAgent")).toHaveLength(1);
  // Nothing is taken for five seconds, though there is something for this agent now.
  await cloud.send(cloud.root.request({ operation: "probe" }), key);
  const taken = () => listening.named("accepted").length > 0;
  const begun = performance.now();
  await until("it takes messages again", taken);
  expect(performance.now() - begun).toBeGreaterThan(3_000);
}, 30_000);

test("a request signed with a key that was just rolled in is carried out, not thrown away", async () => {
  const listening = await start();
  await listening.logs("heartbeatAnswered", 2);
  cloud.root = await cloud.root.rolled();
  cloud.serial = 2;
  const probe = cloud.root.request({ operation: "probe" });
  const begun = performance.now();
  expect(await cloud.ask(probe, key)).toMatchObject({ status: "succeeded" });
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(cloud.beats).toHaveLength(3);
  expect(await listening.logs("accepted")).toMatchObject({ deliveryCount: 0 });
});

test("one whose signing key no list names is refused for good, after one look for a newer list", async () => {
  const listening = await start();
  await listening.logs("heartbeatAnswered", 2);
  const unlisted = await cloud.root.rolled();
  const probe = unlisted.request({ operation: "probe" });
  await cloud.sendBody(await unlisted.seal(probe, key), probe.jti);
  expect(await cloud.answer(probe)).toMatchObject({ status: "failed", code: "trustListOutdated" });
  await until("it is done with", () => cloud.broker.queue(QUEUE).size === 0);
  expect(listening.named("trustListOutdated")).toHaveLength(1);
  expect(listening.named("accepted")).toEqual([]);
  expect(cloud.beats).toHaveLength(3);
});

test("a revoked agent stops listening with the cloud's next answer", async () => {
  const revoked = await start();
  await revoked.logs("heartbeatAnswered", 2);
  cloud.heartbeatStatus = 403;
  cloud.heartbeatRefusal = "agentNotListed";
  // Whatever makes it ask; this signer is in no list.
  const unlisted = await cloud.root.rolled();
  const probe = unlisted.request({ operation: "probe" });
  await cloud.sendBody(await unlisted.seal(probe, key), probe.jti);
  expect(await revoked.logs("notListening")).toMatchObject({ state: "refused" });
  await until("it is back", () => cloud.broker.queue(QUEUE).stats.abandoned === 1);
  expect(await cloud.answers(probe)).toEqual([]);
}, 30_000);

test("what a revoked agent gave back ends as unknown, never as failed, once one is listed again", async () => {
  const revoked = await start("revoked");
  await revoked.logs("heartbeatAnswered", 2);
  cloud.heartbeatStatus = 403;
  cloud.heartbeatRefusal = "agentNotListed";
  const other = await enrolledKey();
  const rolled = await cloud.root.rolled();
  const probe = rolled.request({ operation: "probe" });
  await cloud.sendBody(await rolled.seal(probe, key, other), probe.jti);
  await until("it is back", () => cloud.broker.queue(QUEUE).stats.abandoned === 1);
  expect(await revoked.child.stop()).toBe(0);
  cloud.root = rolled;
  cloud.serial = 2;
  cloud.agents = [rolled.entry("agent-1", key), rolled.entry("agent-2", other)];
  cloud.heartbeatStatus = 200;
  const again = await start("revoked");
  expect(await cloud.answer(probe)).toMatchObject({ status: "unknown", code: "outcomeUnknown" });
  expect(again.named("accepted")).toEqual([]);
  const next = rolled.request({ operation: "probe" });
  expect(await cloud.ask(next, key, other)).toMatchObject({ status: "succeeded" });
}, 60_000);

test("a list by hand: a running agent takes it while the cloud cannot hand it out", async () => {
  cloud.answeredBeats = 1;
  const running = await start("handed");
  await running.logs("heartbeatFailed");
  const before = cloud.root;
  cloud.root = await before.rolled();
  const list = join(folder, "handed/list.jws");
  await writeFile(list, await cloud.root.sign(cloud.root.list(2, cloud.agents)));
  const configuration = join(folder, "handed/agent.json");
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["agent/main.ts", "trust", list, "--config", configuration],
  ]);
  expect(stdout).toBe("Trust list 2 is taken. It names this agent.\n");
  expect(await running.logs("trustListHanded")).toMatchObject({ serial: 2 });
  const ask = (root: TrustRoot) => {
    const probe = root.request({ operation: "probe" });
    return root.seal(probe, key).then(async (body) => {
      await cloud.sendBody(body, probe.jti);
      return cloud.answer(probe);
    });
  };
  expect(await ask(cloud.root)).toMatchObject({ status: "succeeded" });
  expect(await ask(before)).toMatchObject({ status: "failed", code: "trustListOutdated" });
}, 60_000);

test("its own key rolls while it runs: what was sealed for the old one and for the new one is opened", async () => {
  const rolling = await start("rolling");
  await rolling.logs("heartbeatAnswered", 2);
  const next = await enrolledKey();
  const file = join(folder, "rolling/keys/next.jwk.json");
  await writeFile(file, JSON.stringify({ ...next.jwk, made: Date.now() / 1_000 }), { mode: 0o600 });
  const ask = (to: EnrolledKey) => cloud.ask(cloud.root.request({ operation: "probe" }), to);
  expect(await ask(next)).toMatchObject({ status: "succeeded" });
  expect(await ask(key)).toMatchObject({ status: "succeeded" });
  cloud.agents = [cloud.root.entry("agent-1", next)];
  cloud.serial = 2;
  // Makes it fetch the list, which names its new key only.
  cloud.root = await cloud.root.rolled();
  expect(await ask(next)).toMatchObject({ status: "succeeded" });
  expect(await ask(key)).toMatchObject({ status: "succeeded" });
  expect(rolling.named("envelopeNotForThisAgent")).toEqual([]);
}, 30_000);

test("after a restart an older trust list is refused: the agent does not listen", async () => {
  cloud.serial = 5;
  const before = await start("restarted");
  await before.logs("listening");
  expect(await before.child.stop()).toBe(0);
  cloud.serial = 4;
  const after = await start("restarted");
  await after.logs("trustListOutdated");
  expect(after.named("listening")).toEqual([]);
});

test("counters grow over a restart", async () => {
  const before = await start("counted");
  await before.logs("heartbeatAnswered", 2);
  await before.child.stop();
  const after = await start("counted");
  await until("a heartbeat of the second run", () => cloud.beats.at(-1)?.state === "listening");
  await after.child.stop();
  const counters = cloud.beats.map(({ counter }) => counter);
  expect(counters).toEqual([...counters].sort((one, other) => one - other));
  expect(new Set(counters).size).toBe(counters.length);
});

test("cloud, relay and directory out of reach at the start: it waits, and then works", async () => {
  cloud.heartbeatStatus = 503;
  cloud.broker.faults.refuseConnections = true;
  directory.freeze();
  const patient = await start(undefined, {});
  const failed = await patient.logs("heartbeatFailed", 2);
  expect(failed).toMatchObject({ httpStatus: 503 });
  expect(cloud.beats[0]).toMatchObject({ relay: "down", directory: { state: "down" } });
  cloud.heartbeatStatus = 200;
  cloud.broker.faults.refuseConnections = false;
  directory.thaw();
  await patient.logs("listening");
  const probe = cloud.root.request({ operation: "probe" });
  expect(await cloud.ask(probe, key)).toMatchObject({ status: "succeeded" });
}, 60_000);

test("a configuration that cannot be used: one line that names the key, exit code 1", async () => {
  const refused = await start(undefined, { connector: "Not A Name" });
  await until("it ends", () => !refused.child.running);
  expect(await refused.child.stop()).toBe(1);
  expect(refused.text).toBe(
    "connector: must be lower-case letters, digits and hyphens, as in the trust list\n",
  );
});

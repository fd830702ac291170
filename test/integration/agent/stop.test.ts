import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { SAMPLE_USERS } from "../../../local/samples.ts";
import { type SeededUsers, seed } from "../../../local/seed.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import type { Request } from "../../../protocol/request.ts";
import { AgentProcess } from "./agentProcess.ts";
import { ScriptedCloud, until } from "./scriptedCloud.ts";
import { type EnrolledKey, enrolledKey, TrustRoot } from "./trustRoot.ts";

const QUEUE = requestsQueueName("corp");
const folder = mkdtempSync(join(tmpdir(), "agent-stop-"));
let certificates: LocalCertificates;
let cloud: ScriptedCloud;
let directory: SimulatedDirectory;
let seeded: SeededUsers;
let key: EnrolledKey;
let agent: AgentProcess;
let runs = 0;

beforeEach(async () => {
  certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
  directory = await startSimulatedDirectory({ certificates });
  seeded = await seed(directory);
  key = await enrolledKey();
  cloud = await ScriptedCloud.start(certificates, await TrustRoot.create());
  cloud.agents = [cloud.root.entry("agent-1", key)];
  agent = await start();
}, 60_000);
afterEach(async () => {
  await agent.child.stop();
  await cloud.stop();
  await directory.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(): Promise<AgentProcess> {
  runs += 1;
  const started = await AgentProcess.start({
    folder: join(folder, `run-${runs}`),
    certificates,
    cloud,
    directory,
    key,
  });
  await started.logs("listening");
  return started;
}

function resetOf(name: string): Request {
  const facts = seeded.get(name);
  const user = SAMPLE_USERS.find((sample) => sample.name === name);
  if (!facts || !user) throw new Error(`no sample ${name}`);
  const { sid, userPrincipalName } = facts;
  const target = { id: user.id, sourceAnchor: user.sourceAnchor, sid, userPrincipalName };
  const newPassword = "Second-Meadow-28";
  return cloud.root.request({ operation: "reset", target, newPassword, mustChange: false });
}

test("a job at work is finished and answered before the process ends with 0", async () => {
  directory.faults.next("modify", { kind: "late", milliseconds: 1_000 });
  const reset = resetOf("alex");
  await cloud.send(reset, key);
  await agent.logs("accepted");
  const code = agent.child.stop();
  expect(await cloud.answer(reset)).toMatchObject({ status: "succeeded" });
  expect(await code).toBe(0);
  expect(cloud.beats.at(-1)).toMatchObject({ state: "stopping" });
  expect(agent.records.at(-1)?.name).toBe("agentStopped");
  expect(cloud.broker.queue(QUEUE).size).toBe(0);
}, 30_000);

test("a job that hangs is answered as unknown within 10 seconds; no new one is taken", async () => {
  directory.faults.next("modify", { kind: "silence", applied: false });
  const hanging = resetOf("sam");
  await cloud.send(hanging, key);
  await agent.logs("accepted");
  const begun = performance.now();
  const code = agent.child.stop();
  await agent.logs("agentStopping");
  await cloud.send(cloud.root.request({ operation: "probe" }), key);
  expect(await cloud.answer(hanging)).toMatchObject({ status: "unknown", code: "outcomeUnknown" });
  expect(await code).toBe(0);
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(agent.named("accepted")).toHaveLength(1);
  expect(cloud.broker.queue(QUEUE).size).toBe(1);
}, 30_000);

test("an agent killed with a message in hand: the next one does not execute it", async () => {
  directory.faults.next("modify", { kind: "silence", applied: false });
  const reset = resetOf("mia");
  await cloud.send(reset, key);
  await until("the write was sent", () => directory.counters.modifies > modifiesOfSeed);
  agent.child.kill("SIGKILL");
  const { modifies } = directory.counters;
  agent = await start();
  expect(await cloud.answer(reset)).toMatchObject({ status: "unknown", code: "outcomeUnknown" });
  expect(directory.counters.modifies).toBe(modifies);
}, 40_000);

let modifiesOfSeed = 0;
beforeEach(() => {
  modifiesOfSeed = directory.counters.modifies;
});

import { requestsQueueName } from "../../../protocol/queues.ts";
import type { Request } from "../../../protocol/request.ts";
import { AgentFixture } from "./agentFixture.ts";
import type { AgentProcess } from "./agentProcess.ts";
import { type ScriptedCloud, until } from "./scriptedCloud.ts";

const QUEUE = requestsQueueName("corp");
let fixture: AgentFixture;
let cloud: ScriptedCloud;
let directory: AgentFixture["directory"];
let key: AgentFixture["key"];
let agent: AgentProcess;

beforeEach(async () => {
  fixture = await AgentFixture.open();
  ({ cloud, directory, key } = fixture);
  agent = await fixture.start("run-1");
}, 60_000);
afterEach(async () => {
  await agent.child.stop();
  await fixture.close();
});

const resetOf = (name: string): Request => fixture.resetOf(name, "Second-Meadow-28");

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
  // What the bus hands over before it knows would still be carried out.
  await until("its goodbye", () => cloud.beats.at(-1)?.state === "stopping");
  await cloud.send(cloud.root.request({ operation: "probe" }), key);
  expect(await cloud.answer(hanging)).toMatchObject({ status: "unknown", code: "outcomeUnknown" });
  expect(await code).toBe(0);
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(agent.named("accepted")).toHaveLength(1);
  expect(cloud.broker.queue(QUEUE).size).toBe(1);
}, 30_000);

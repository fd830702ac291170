import { AgentFixture } from "./agentFixture.ts";
import type { AgentProcess } from "./agentProcess.ts";
import { until } from "./scriptedCloud.ts";

let fixture: AgentFixture;
let agent: AgentProcess;

beforeAll(async () => {
  fixture = await AgentFixture.open();
  agent = await fixture.start();
}, 60_000);
afterAll(async () => {
  await agent?.child.stop();
  await fixture?.close();
});

test("killed after the write was sent: the next run concludes it and never executes it", async () => {
  const { cloud, directory, key } = fixture;
  directory.faults.next("modify", { kind: "silence", applied: true });
  const reset = fixture.resetOf("mia", "Canary-Next-82!");
  const { modifies } = directory.counters;
  await cloud.send(reset, key);
  await until("the write is sent", () => directory.counters.modifies === modifies + 1);
  agent.child.kill("SIGKILL");
  agent = await fixture.start();
  await until("it is told", () => cloud.lateOutcomes.some(({ request }) => request === reset.jti));
  expect(cloud.lateOutcomes.at(-1)).toMatchObject({ request: reset.jti, status: "succeeded" });
  expect(directory.counters.modifies).toBe(modifies + 1);
  expect(await fixture.binds("mia", "Canary-Next-82!")).toBe("ok");
}, 30_000);

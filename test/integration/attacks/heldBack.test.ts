import { readUser } from "../../../local/accounts/readUser.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import { AgentFixture } from "../agent/agentFixture.ts";
import type { AgentProcess } from "../agent/agentProcess.ts";
import { until } from "../agent/scriptedCloud.ts";
import { busClient } from "./busClient.ts";

const QUEUE = requestsQueueName("corp");

let fixture: AgentFixture;
let agent: AgentProcess | undefined;
beforeAll(async () => {
  fixture = await AgentFixture.open();
}, 60_000);
afterAll(async () => {
  await agent?.child.stop();
  await fixture?.close();
});

test("a rogue listener holds a request back and lets it go too late: it never executes", async () => {
  const { cloud } = fixture;
  const before = await readUser(fixture.directory, "sam");
  const exp = Date.now() / 1_000 + 1;
  const request = fixture.resetOf("sam", "Held-Lantern-58", { exp });
  await cloud.send(request, fixture.key);
  const rogue = busClient(cloud, cloud.apps.agent);
  try {
    const receiver = rogue.createReceiver(QUEUE, { skipParsingBodyAsJson: true });
    const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 5_000 });
    if (!message) throw new Error("nothing to hold back");
    await until("the request has expired", () => Date.now() / 1_000 > exp);
    await receiver.abandonMessage(message);
  } finally {
    await rogue.close();
  }
  agent = await fixture.start();
  // Nobody may call it expired: whoever held it might have begun it.
  expect(await cloud.answer(request)).toMatchObject({ status: "unknown", code: "outcomeUnknown" });
  await until("it is settled", () => cloud.broker.queue(QUEUE).size === 0);
  expect(await readUser(fixture.directory, "sam")).toEqual(before);
}, 60_000);

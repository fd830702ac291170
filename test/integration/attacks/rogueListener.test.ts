import { inspect } from "node:util";
import type { ServiceBusClient, ServiceBusReceivedMessage } from "@azure/service-bus";
import { requestsQueueName } from "../../../protocol/queues.ts";
import { hits } from "../../canaries.ts";
import { eventually, idIn, pathOf, TestCloud } from "../functions/testCloud.ts";
import { busClient } from "./busClient.ts";

const CURRENT = "Canary-Current-Kestrel-41";
const NEW = "Canary-New-Marigold-52";
const QUEUE = requestsQueueName("corp");
/** Milliseconds: that of the test cloud. */
const TOTAL_WAIT = 2_000;

let cloud: TestCloud;
let rogue: ServiceBusClient;
beforeAll(async () => {
  cloud = await TestCloud.start();
  rogue = busClient(cloud.half, cloud.half.apps.agent);
  await cloud.half.agent.pause();
});
afterAll(async () => {
  await rogue?.close();
  await cloud?.half.stop();
});
beforeEach(() => cloud.half.heartbeat());

const change = async (person = cloud.person()) =>
  cloud.send("/v1.0/me/changePassword", {
    token: await cloud.half.tokens.user(person),
    body: { currentPassword: CURRENT, newPassword: NEW },
  });

/** Takes the next message off the queue for good. */
async function swallow(): Promise<ServiceBusReceivedMessage> {
  const receiver = rogue.createReceiver(QUEUE, {
    receiveMode: "receiveAndDelete",
    skipParsingBodyAsJson: true,
  });
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 5_000 });
  await receiver.close();
  if (!message) throw new Error("nothing to swallow");
  return message;
}

const alerts = () =>
  cloud.half.logged
    .map((record) => JSON.parse(record) as Record<string, unknown>)
    .filter(({ event }) => event === "agentsSilent");

test("what a rogue listener swallows ends as unknown within the wait, alerts, and never executes", async () => {
  const person = cloud.person();
  const began = Date.now();
  const answer = change(person);
  const message = await swallow();
  const { status, code, headers } = await answer;
  expect({ status, code }).toEqual({ status: 500, code: "outcomeUnknown" });
  expect(Date.now() - began).toBeGreaterThanOrEqual(TOTAL_WAIT - 100);
  const operationId = idIn(headers.get("location"));
  expect(operationId).toBe(message.messageId);
  expect(alerts()).toEqual([
    expect.objectContaining({
      code: "agentSilent",
      eventId: 40210,
      connector: "corp",
      operationId,
    }),
  ]);
  const token = await cloud.half.tokens.user(person);
  expect((await cloud.get(pathOf(headers.get("location")), token)).body.status).toBe("running");
  cloud.half.agent.resume();
  expect((await cloud.change(cloud.person())).status).toBe(204);
  expect(cloud.executed(person)).toBe(0);
  expect(cloud.half.broker.queue(QUEUE).size).toBe(0);
  await cloud.half.agent.pause();
});

test("a rogue listener learns no password, nor who it is about", async () => {
  const person = cloud.person();
  const answer = change(person);
  const message = await swallow();
  const { body } = message;
  const properties = inspect(message, { depth: 8, maxStringLength: null, maxArrayLength: null });
  await answer;
  const { ciphertext, recipients } = JSON.parse(body.toString("utf8")) as Record<string, string>;
  const places = [
    { name: "the body", bytes: body as Buffer },
    { name: "the ciphertext", bytes: Buffer.from(String(ciphertext), "base64url") },
    { name: "the recipients", bytes: Buffer.from(JSON.stringify(recipients)) },
    { name: "the properties", bytes: Buffer.from(properties) },
  ];
  const secrets = { current: CURRENT, new: NEW, id: person.id, anchor: person.sourceAnchor };
  expect(hits(places, secrets)).toEqual([]);
  // The search itself sees what is there.
  expect(hits(places, { message: String(message.messageId) })).toEqual([
    "message in the properties",
  ]);
});

test("a rogue listener answers in the agent's name: discarded, and the outcome stays unknown", async () => {
  const answer = change();
  const { messageId, replyToSessionId } = await swallow();
  const sender = rogue.createSender("replies");
  for (const body of [
    JSON.stringify({ version: 1, request: messageId, agent: "agent-1", status: "succeeded" }),
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....",
  ])
    await sender.sendMessages({
      body: Buffer.from(body),
      correlationId: String(messageId),
      sessionId: String(replyToSessionId),
    });
  await sender.close();
  expect(await answer).toMatchObject({ status: 500, code: "outcomeUnknown" });
  await eventually("both were looked at", () => {
    const discarded = cloud.half.logged.filter((record) => record.includes('"replyInvalid"'));
    return discarded.length >= 2;
  });
  expect(alerts().length).toBeGreaterThanOrEqual(1);
});

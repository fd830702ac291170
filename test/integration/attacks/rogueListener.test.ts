import { inspect } from "node:util";
import type { ServiceBusClient, ServiceBusReceivedMessage } from "@azure/service-bus";
import type { SampleUser } from "../../../local/samples.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import { hits } from "../../canaries.ts";
import { type Answer, eventually, idIn, pathOf, TestCloud } from "../functions/testCloud.ts";
import { busClient } from "./busClient.ts";

const CURRENT = "Canary-Current-Kestrel-41";
const NEW = "Canary-New-Marigold-52";
const QUEUE = requestsQueueName("corp");
/** Milliseconds: that of the test cloud. */
const TOTAL_WAIT = 2_000;

interface Robbed {
  readonly person: SampleUser;
  readonly message: ServiceBusReceivedMessage;
  readonly answer: Answer;
  /** Milliseconds that the caller waited. */
  readonly waited: number;
}

let cloud: TestCloud;
let rogue: ServiceBusClient;
let robbed: Robbed[];
beforeAll(async () => {
  cloud = await TestCloud.start();
  rogue = busClient(cloud.half, cloud.half.apps.agent);
  await cloud.half.agent.pause();
  // Both at once: each of them takes the whole wait.
  const people = [cloud.person(), cloud.person()];
  const swallowed = swallow(people.length, forgeReplies);
  const answers = await Promise.all(people.map(change));
  const messages = await swallowed;
  robbed = people.map((person, at) => {
    const [answer, waited] = answers[at] as [Answer, number];
    const id = idIn(answer.headers.get("location"));
    const message = messages.find(({ messageId }) => messageId === id);
    if (!message) throw new Error(`nothing was swallowed for ${answer.status} ${answer.code}`);
    return { person, message, answer, waited };
  });
});
afterAll(async () => {
  await rogue?.close();
  await cloud?.half.stop();
});
beforeEach(() => cloud.half.heartbeat());

async function change(person: SampleUser): Promise<[Answer, number]> {
  const token = await cloud.half.tokens.user(person);
  const began = Date.now();
  const body = { currentPassword: CURRENT, newPassword: NEW };
  const answer = await cloud.send("/v1.0/me/changePassword", { token, body });
  return [answer, Date.now() - began];
}

/** Takes messages off the queue for good, as they come. */
async function swallow(
  count: number,
  then: (message: ServiceBusReceivedMessage) => Promise<void>,
): Promise<ServiceBusReceivedMessage[]> {
  const receiver = rogue.createReceiver(QUEUE, {
    receiveMode: "receiveAndDelete",
    skipParsingBodyAsJson: true,
  });
  const messages: ServiceBusReceivedMessage[] = [];
  while (messages.length < count) {
    const taken = await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
    if (taken.length === 0) throw new Error("nothing to swallow");
    for (const message of taken) await then(message);
    messages.push(...taken);
  }
  await receiver.close();
  return messages;
}

async function forgeReplies({ messageId, replyToSessionId }: ServiceBusReceivedMessage) {
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
}

const records = (...events: string[]) =>
  cloud.half.logged
    .map((record) => JSON.parse(record) as Record<string, unknown>)
    .filter(({ event }) => events.includes(String(event)));

test("what a rogue listener swallows ends as unknown within the wait, alerts, and never executes", async () => {
  for (const { answer, message, waited, person } of robbed) {
    expect(answer).toMatchObject({ status: 500, code: "outcomeUnknown" });
    expect(waited).toBeGreaterThanOrEqual(TOTAL_WAIT - 100);
    expect(records("agentsSilent")).toContainEqual(
      expect.objectContaining({
        code: "agentSilent",
        eventId: 40210,
        connector: "corp",
        operationId: message.messageId,
      }),
    );
    const place = pathOf(answer.headers.get("location"));
    const operation = await cloud.get(place, await cloud.half.tokens.user(person));
    expect(operation.body.status).toBe("running");
  }
  expect(cloud.half.broker.queue(QUEUE).size).toBe(0);
  cloud.half.agent.resume();
  const works = async () => (await cloud.change(cloud.person())).status === 204;
  await eventually("the agent is back", works);
  for (const { person } of robbed) expect(cloud.executed(person)).toBe(0);
});

test("a rogue listener learns no password, nor who it is about", () => {
  for (const { message, person } of robbed) {
    const body = message.body as Buffer;
    const properties = inspect(message, { depth: 8, maxStringLength: null, maxArrayLength: null });
    const { ciphertext, recipients } = JSON.parse(body.toString("utf8")) as Record<string, string>;
    const places = [
      { name: "the body", bytes: body },
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
  }
});

test("a rogue listener answers in the agent's name: each answer is discarded", async () => {
  // On a slow machine one may come when nobody waits any more, which is as good.
  const discarded = () => records("replyInvalid", "replyNotAwaited").length;
  await eventually("all were looked at", () => discarded() >= robbed.length * 2);
  for (const { answer } of robbed) expect(answer.code).toBe("outcomeUnknown");
});

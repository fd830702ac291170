import { setTimeout } from "node:timers/promises";
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";
import { type BusClient, busClient } from "./busClient.ts";
import type { BusUnderTest, Who } from "./busUnderTest.ts";
import { queues } from "./suiteQueues.ts";

/** What each part of the suite works with; filled before its first test. */
export interface Context {
  readonly under: BusUnderTest;
  /** The same client for all tests, with every right. */
  readonly owner: BusClient;
  /** A client of its own, closed at the end of the suite. */
  client(who: Who): BusClient;
  /**
   * The first message that is in a queue, in whatever state. From the beginning each time: the
   * client would go on where the last peek ended.
   */
  first(queue: string, subQueue?: "deadLetter"): Promise<ServiceBusReceivedMessage | undefined>;
}

export interface OpenContext extends Context {
  close(): Promise<void>;
}

type SequenceNumber = NonNullable<ServiceBusReceivedMessage["sequenceNumber"]>;

/** The SDK takes sequence numbers in its own type only, and shows no way to make one. */
async function zero({ bus }: BusClient): Promise<SequenceNumber> {
  const sender = bus.createSender(queues.send.name);
  const [number] = await sender.scheduleMessages([{ body: "" }], new Date(Date.now() + 60_000));
  await sender.cancelScheduledMessages(number!);
  return number!.sub(number!);
}

export async function openContext(under: BusUnderTest): Promise<OpenContext> {
  const clients: BusClient[] = [];
  const client = (who: Who): BusClient => {
    const made = busClient(under, who);
    clients.push(made);
    return made;
  };
  const owner = client("owner");
  const fromSequenceNumber = await zero(owner);
  return {
    under,
    owner,
    client,
    first: async (queue, subQueueType) => {
      const receiver = owner.bus.createReceiver(queue, subQueueType ? { subQueueType } : {});
      return (await receiver.peekMessages(1, { fromSequenceNumber }))[0];
    },
    close: async () => {
      await Promise.all(clients.map(({ bus }) => bus.close()));
      await under.stop();
    },
  };
}

/** A receiver whose messages the client does not renew by itself, as it would for 5 minutes. */
export const unrenewed = ({ bus }: BusClient, queue: string): ServiceBusReceiver =>
  bus.createReceiver(queue, { maxAutoLockRenewalDurationInMs: 0 });

/** Milliseconds for what must arrive, and for what must not. */
export const SOON_MS = 5000;
export const NOTHING_MS = 150;

const POLL_MS = 10;

/** The next message; rejects if none comes. */
export async function next(receiver: ServiceBusReceiver, waitMs = SOON_MS) {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: waitMs });
  if (!message) throw new Error(`no message within ${waitMs} ms`);
  return message;
}

/** What a receiver gets in a short time; for queues on which nothing may be. */
export const glance = (receiver: ServiceBusReceiver, waitMs = NOTHING_MS) =>
  receiver.receiveMessages(10, { maxWaitTimeInMs: waitMs });

/** Asks again until the answer is yes; rejects after `limitMs`. */
export async function until(isSo: () => Promise<boolean>, limitMs = SOON_MS): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error("it did not become so in time");
    await setTimeout(POLL_MS);
  }
}

import type { BrokerError } from "../../../../local/broker/brokerError.ts";
import type { Lock } from "../../../../local/broker/engine/locks.ts";
import type { Message, StoredMessage } from "../../../../local/broker/engine/message.ts";
import { Queue } from "../../../../local/broker/engine/queue.ts";
import type { QueueSettings } from "../../../../local/broker/engine/queueSettings.ts";
import type { Receiver } from "../../../../local/broker/engine/receiver.ts";
import { FakeClock } from "./fakeClock.ts";

export const LOCK_MS = 1000;
export const TTL_MS = 10_000;

let count = 0;

export const message = (parts: Partial<Message> = {}): Message => ({
  id: `m${count++}`,
  applicationProperties: {},
  content: { annotations: {}, properties: Buffer.alloc(0), body: Buffer.alloc(0) },
  ...parts,
});

export interface Delivered {
  readonly id: string;
  readonly failedDeliveries: number;
  readonly stored: StoredMessage;
  readonly lock: Lock | undefined;
}

/** A receiver that keeps what it gets, and takes as much as it is told to. */
export class TestReceiver implements Receiver {
  readonly delivered: Delivered[] = [];
  readonly closedWith: BrokerError[] = [];
  readonly peekLock: boolean;
  credits: number;

  constructor(credits = Number.POSITIVE_INFINITY, peekLock = true) {
    this.credits = credits;
    this.peekLock = peekLock;
  }

  credit(): number {
    return this.credits;
  }

  deliver(stored: StoredMessage, lock: Lock | undefined): void {
    this.credits--;
    const { message, failedDeliveries } = stored;
    this.delivered.push({ id: message.id, failedDeliveries, stored, lock });
  }

  close(error: BrokerError): void {
    this.closedWith.push(error);
  }

  get ids(): string[] {
    return this.delivered.map((each) => each.id);
  }

  /** The token of the last delivery. */
  get token(): string {
    return this.delivered.at(-1)!.lock!.token;
  }
}

export function testQueue(settings: Partial<QueueSettings> = {}): {
  queue: Queue;
  clock: FakeClock;
} {
  const clock = new FakeClock();
  const all: QueueSettings = {
    name: "requests-contoso",
    requiresSession: false,
    lockMs: LOCK_MS,
    timeToLiveMs: TTL_MS,
    duplicateWindowMs: 0,
    maxDeliveryCount: 3,
    ...settings,
  };
  return { queue: new Queue(all, clock), clock };
}

/** The condition of the error that this throws. */
export function conditionOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as BrokerError).condition;
  }
}

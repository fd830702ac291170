import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ServiceBusReceivedMessage, ServiceBusSessionReceiver } from "@azure/service-bus";
import { REPLIES_QUEUE_NAME, repliesQueue } from "@password-writeback/protocol/queues.ts";
import { within } from "@password-writeback/protocol/within.ts";
import type { Log } from "../log.ts";
import type { Bus } from "./bus.ts";

const PAUSE_MS = 200;
/** Replies that are handled at once. */
const CONCURRENCY = 64;

type Deliver = (body: Uint8Array) => void;

/**
 * The one reply session of this instance. The SDK's session receiver never recovers, so a
 * supervisor accepts the session again whenever it is lost; replies find their requests by
 * correlation id, and one that nobody waits for any more is settled and counted.
 */
export class ReplyChannel {
  private readonly bus: Bus;
  private readonly log: Log;
  private readonly waiting = new Map<string, Deliver>();
  private session = randomUUID();
  private receiver: ServiceBusSessionReceiver | undefined;
  private stopped = false;
  private supervisor: Promise<void> | undefined;
  /** Replies that came when nobody waited for them any more. */
  late = 0;

  constructor(bus: Bus, log: Log) {
    this.bus = bus;
    this.log = log;
  }

  /** Session id that requests must name; undefined while no session is held. */
  get sessionId(): string | undefined {
    return this.receiver && !this.receiver.isClosed ? this.session : undefined;
  }

  start(): void {
    this.supervisor ??= this.supervise();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const receiver = this.receiver;
    if (receiver) await within(2_000, receiver.close()).catch(() => {});
  }

  /** Waits for the session to be held. @returns its id, or undefined after `milliseconds` */
  async ready(milliseconds: number): Promise<string | undefined> {
    const until = Date.now() + milliseconds;
    while (this.sessionId === undefined && Date.now() < until && !this.stopped) await delay(20);
    return this.sessionId;
  }

  /**
   * The body of the reply to a request.
   * @param correlationId message id of the request
   * @returns undefined where none came in time
   */
  expect(
    correlationId: string,
    milliseconds: number,
  ): { readonly reply: Promise<Uint8Array | undefined>; cancel(): void } {
    let finish: (body?: Uint8Array) => void = () => {};
    const reply = new Promise<Uint8Array | undefined>((resolve) => {
      const timer = setTimeout(() => finish(), milliseconds);
      finish = (body) => {
        clearTimeout(timer);
        this.waiting.delete(correlationId);
        resolve(body);
      };
    });
    this.waiting.set(correlationId, finish);
    return { reply, cancel: () => finish() };
  }

  private async supervise(): Promise<void> {
    while (!this.stopped) {
      try {
        this.receiver = await this.bus.acceptSession(REPLIES_QUEUE_NAME, this.session);
        await this.receiveUntilLost(this.receiver);
      } catch (error) {
        this.log.error("replySessionRefused", { reason: (error as { code?: string }).code });
        // Held by our own dead connection until its lock ends: a new name works at once.
        this.session = randomUUID();
      }
      this.receiver = undefined;
      if (!this.stopped) await delay(PAUSE_MS);
    }
  }

  private async receiveUntilLost(receiver: ServiceBusSessionReceiver): Promise<void> {
    let lost: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      lost = resolve;
    });
    receiver.subscribe(
      {
        processMessage: async (message) => this.deliver(receiver, message),
        processError: async ({ error }) => {
          this.log.error("replySessionError", { reason: (error as { code?: string }).code });
          if (receiver.isClosed || /SessionLockLost/.test((error as { code?: string }).code ?? ""))
            lost();
        },
      },
      { autoCompleteMessages: false, maxConcurrentCalls: CONCURRENCY },
    );
    const watch = setInterval(
      () => {
        if (receiver.isClosed || receiver.sessionLockedUntilUtc.getTime() < Date.now()) lost();
      },
      (repliesQueue.lockSeconds * 1_000) / 3,
    );
    await ended;
    clearInterval(watch);
    await within(2_000, receiver.close()).catch(() => {});
  }

  private deliver(receiver: ServiceBusSessionReceiver, message: ServiceBusReceivedMessage): void {
    const waiter = this.waiting.get(String(message.correlationId));
    if (waiter && message.body instanceof Uint8Array) waiter(message.body);
    else this.late += 1;
    // Never awaited: settling hangs for a minute where the connection drops.
    void within(5_000, receiver.completeMessage(message)).catch(() => {});
  }
}

import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ServiceBusReceivedMessage, ServiceBusSessionReceiver } from "@azure/service-bus";
import { REPLIES_QUEUE_NAME } from "@password-writeback/protocol/queues.ts";
import { within } from "@password-writeback/protocol/within.ts";
import type { Log } from "../log.ts";
import type { Bus } from "./bus.ts";

const PAUSE_MS = 100;
/** Between two looks at whether the session's lock still runs: the SDK tells nobody. */
const WATCH_MS = 2_000;
/** Refusals of a session, one after the other, after which another name is taken. */
const REFUSALS = 10;
/** Replies that are handled at once. */
const CONCURRENCY = 64;

/** What may stand in a log: anybody who may send to the queue chooses the correlation id. */
const OPERATION_ID = /^[\da-f-]{36}$/;

/** Opens a reply's body: what it says, or undefined where it is no reply to this request. */
export type OpenReply<T> = (body: Uint8Array) => Promise<T | undefined>;

/** A reply that is being waited for. */
export interface ExpectedReply<T> {
  /** Undefined where none came in time. */
  readonly reply: Promise<T | undefined>;
  cancel(): void;
}

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;

/**
 * The one reply session of this instance. The SDK's session receiver never recovers, so a
 * supervisor accepts the session again whenever it is lost; replies find their requests by
 * correlation id, and one that nobody waits for any more is settled and counted.
 */
export class ReplyChannel {
  private readonly bus: Bus;
  private readonly log: Log;
  private readonly waiting = new Map<string, (body: Uint8Array) => void>();
  private session = randomUUID();
  private receiver: ServiceBusSessionReceiver | undefined;
  private giveUp: () => void = () => {};
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

  /** Ends the supervisor too, so that nothing of this channel keeps the process alive. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.giveUp();
    await this.supervisor;
  }

  /** Waits for the session to be held. @returns its id, or undefined after `milliseconds` */
  async ready(milliseconds: number): Promise<string | undefined> {
    const until = Date.now() + milliseconds;
    while (this.sessionId === undefined && Date.now() < until && !this.stopped) await delay(20);
    return this.sessionId;
  }

  /**
   * Waits for the reply to a request. What cannot be opened ends no wait: whoever may send to the
   * queue could spoil every outcome otherwise.
   * @param correlationId message id of the request
   */
  expect<T>(correlationId: string, milliseconds: number, open: OpenReply<T>): ExpectedReply<T> {
    let finish: (reply?: T) => void = () => {};
    const reply = new Promise<T | undefined>((resolve) => {
      const timer = setTimeout(() => finish(), milliseconds);
      finish = (opened) => {
        clearTimeout(timer);
        this.waiting.delete(correlationId);
        resolve(opened);
      };
    });
    this.waiting.set(correlationId, (body) => {
      open(body).then((opened) => opened !== undefined && finish(opened));
    });
    return { reply, cancel: () => finish() };
  }

  private async supervise(): Promise<void> {
    let refusals = 0;
    while (!this.stopped) {
      try {
        this.receiver = await this.bus.acceptSession(REPLIES_QUEUE_NAME, this.session);
        refusals = 0;
        await this.receiveUntilLost(this.receiver);
      } catch (error) {
        this.log.error("replySessionRefused", { reason: codeOf(error) });
        refusals = codeOf(error) === "SessionCannotBeLocked" ? refusals + 1 : 0;
        // Held by our own dead connection until its lock ends. Replies to what was sent before may
        // still come to it, so another name is only the second choice.
        if (refusals === REFUSALS) this.session = randomUUID();
      }
      this.receiver = undefined;
      if (!this.stopped) await delay(PAUSE_MS);
    }
  }

  private async receiveUntilLost(receiver: ServiceBusSessionReceiver): Promise<void> {
    const { promise: ended, resolve: lost } = Promise.withResolvers<void>();
    this.giveUp = lost;
    if (this.stopped) lost();
    receiver.subscribe(
      {
        processMessage: async (message) => this.deliver(receiver, message),
        processError: async ({ error }) => {
          this.log.error("replySessionError", { reason: codeOf(error) });
          if (receiver.isClosed || codeOf(error) === "SessionLockLost") lost();
        },
      },
      { autoCompleteMessages: false, maxConcurrentCalls: CONCURRENCY },
    );
    const watch = setInterval(() => {
      if (receiver.isClosed || receiver.sessionLockedUntilUtc.getTime() < Date.now()) lost();
    }, WATCH_MS);
    await ended;
    clearInterval(watch);
    await within(2_000, receiver.close()).catch(() => {});
  }

  private deliver(receiver: ServiceBusSessionReceiver, message: ServiceBusReceivedMessage): void {
    const operationId = String(message.correlationId);
    const waiter = this.waiting.get(operationId);
    if (waiter && message.body instanceof Uint8Array) waiter(message.body);
    else {
      this.late += 1;
      this.log.info("replyNotAwaited", {
        operationId: OPERATION_ID.test(operationId) ? operationId : undefined,
      });
    }
    // Never awaited: settling hangs for a minute where the connection drops.
    void within(5_000, receiver.completeMessage(message)).catch(() => {});
  }
}

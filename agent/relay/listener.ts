import type { ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";
import { requestsQueueName } from "@password-writeback/protocol/queues.ts";
import { within } from "@password-writeback/protocol/within.ts";
import type { Log } from "../log.ts";
import { Turns } from "../turns.ts";
import type { RelayClient } from "./relayClient.ts";

/** A message as it came, without the SDK. */
export interface Incoming {
  readonly body: unknown;
  readonly messageId: string | undefined;
  /** How often somebody held it before. */
  readonly deliveryCount: number;
  /** Session that the answer goes to. */
  readonly replySession: string | undefined;
}

/** What becomes of a message: it is done with, or put back at once for another agent. */
export type Settlement = "complete" | "putBack";

/** Deals with one message; never throws. */
export type Handle = (message: Incoming) => Promise<Settlement>;

export interface ListenerOptions {
  readonly relay: RelayClient;
  readonly connector: string;
  /** Messages dealt with at once, at most; the others stay on the bus. */
  readonly maximumJobs: number;
  readonly handle: Handle;
  readonly log: Log;
  /** Milliseconds in which nothing is taken after a message was put back. */
  readonly pauseMs?: number;
}

/** Milliseconds that a message's lock is renewed for, far beyond any job. */
const RENEWAL_MS = 120_000;
const SETTLE_MS = 5_000;
const CLOSE_MS = 2_000;
const PEEK_MS = 5_000;
const PAUSE_MS = 5_000;

interface Subscription {
  readonly receiver: ServiceBusReceiver;
  /** Messages handed out and not settled yet. */
  atWork: number;
  /** Resolves once no more messages come, if it has been told to end. */
  ended: Promise<void> | undefined;
  quiet: boolean;
  end(): Promise<void>;
}

/**
 * Takes requests off the connector's queue while it is allowed to. The SDK's subscription recovers
 * by itself from whatever happens to its connection.
 */
export class Listener {
  private readonly options: ListenerOptions;
  private readonly queue: string;
  /** Of all subscriptions together: those that have ended may still have jobs at work. */
  private readonly turns: Turns;
  private subscription: Subscription | undefined;
  private quiet: Promise<void> = Promise.resolve();
  private wanted = false;
  private pause: NodeJS.Timeout | undefined;
  private up: boolean | undefined;

  constructor(options: ListenerOptions) {
    this.options = options;
    this.queue = requestsQueueName(options.connector);
    this.turns = new Turns(options.maximumJobs);
    options.relay.whenReplaced(() => {
      options.log("relayReplaced", { queue: this.queue });
      this.close();
      this.resume();
    });
  }

  /** Whether the relay answered when it was last heard or asked. */
  get isUp(): boolean {
    return this.up === true;
  }

  get listening(): boolean {
    return this.wanted;
  }

  start(): void {
    const news = !this.wanted;
    this.wanted = true;
    this.resume();
    if (news) this.options.log("listening", { queue: this.queue });
  }

  /**
   * Takes no new messages; those at work go on.
   * @returns resolves once the relay hands over nothing more, within 2 s
   */
  stop(state: string): Promise<void> {
    if (!this.wanted) return this.quiet;
    this.wanted = false;
    clearTimeout(this.pause);
    this.pause = undefined;
    this.close();
    this.options.log("notListening", { queue: this.queue, state });
    return this.quiet;
  }

  /** Whether the relay answers now: a look at the queue that takes nothing. */
  async check(): Promise<boolean> {
    const { relay, log } = this.options;
    const up = await relay
      .call(PEEK_MS, (client) => peekOnce(client.createReceiver(this.queue)))
      .then(
        () => true,
        () => false,
      );
    if (up !== this.up) log(up ? "relayUp" : "relayDown", { queue: this.queue });
    this.up = up;
    return up;
  }

  private resume(): void {
    if (!this.wanted || this.subscription || this.pause) return;
    const receiver = this.options.relay.current.createReceiver(this.queue, {
      receiveMode: "peekLock",
      maxAutoLockRenewalDurationInMs: RENEWAL_MS,
      skipParsingBodyAsJson: true,
    });
    const subscription: Subscription = {
      receiver,
      atWork: 0,
      ended: undefined,
      quiet: false,
      end: () => closer.close(),
    };
    const closer = receiver.subscribe(
      {
        processMessage: (message) => this.process(subscription, message),
        processError: async () => {
          if (this.up !== false) this.options.log("relayDown", { queue: this.queue });
          this.up = false;
        },
      },
      { autoCompleteMessages: false, maxConcurrentCalls: this.options.maximumJobs },
    );
    this.subscription = subscription;
  }

  /** Ends the subscription in the background; its link stays until the last message is settled. */
  private close(): void {
    const { subscription } = this;
    if (!subscription) return;
    this.subscription = undefined;
    subscription.ended = within(CLOSE_MS, subscription.end()).catch(() => {});
    this.quiet = subscription.ended;
    void subscription.ended.then(() => {
      subscription.quiet = true;
      this.closeUnused(subscription);
    });
  }

  /** The SDK keeps the link of an ended subscription for settlements, for as long as it is let. */
  private closeUnused({ receiver, atWork, quiet }: Subscription): void {
    if (quiet && atWork === 0) within(CLOSE_MS, receiver.close()).catch(() => {});
  }

  private async process(
    subscription: Subscription,
    message: ServiceBusReceivedMessage,
  ): Promise<void> {
    const { handle, log } = this.options;
    const messageId = message.messageId === undefined ? undefined : String(message.messageId);
    subscription.atWork += 1;
    const settlement = await this.turns.run(undefined, () =>
      handle({
        body: message.body,
        messageId,
        deliveryCount: message.deliveryCount ?? 0,
        replySession: message.replyToSessionId,
      }),
    );
    if (settlement === "putBack") {
      this.takeNothing();
      // Or this agent itself would be handed what it puts back.
      await subscription.ended;
    }
    await within(SETTLE_MS, settle(subscription.receiver, message, settlement)).catch(() =>
      log("settlementFailed", { messageId }),
    );
    subscription.atWork -= 1;
    this.closeUnused(subscription);
  }

  private takeNothing(): void {
    if (!this.wanted || this.pause) return;
    this.close();
    this.pause = setTimeout(() => {
      this.pause = undefined;
      this.resume();
    }, this.options.pauseMs ?? PAUSE_MS).unref();
  }
}

const settle = (
  receiver: ServiceBusReceiver,
  message: ServiceBusReceivedMessage,
  settlement: Settlement,
): Promise<void> =>
  settlement === "complete" ? receiver.completeMessage(message) : receiver.abandonMessage(message);

async function peekOnce(receiver: ServiceBusReceiver): Promise<void> {
  try {
    await receiver.peekMessages(1);
  } finally {
    within(CLOSE_MS, receiver.close()).catch(() => {});
  }
}

import { REPLIES_QUEUE_NAME, requestsQueueName } from "@password-writeback/protocol/queues.ts";
import { ApiError } from "../http/apiError.ts";
import type { Log } from "../log.ts";
import { Bus, type BusSettings } from "./bus.ts";
import { type OpenReply, ReplyChannel } from "./replyChannel.ts";
import { isDefinite } from "./sendErrors.ts";

/** Milliseconds to wait for the reply session of an instance that has just started. */
const READY_MS = 3_000;

export interface RelayRequest {
  readonly connector: string;
  /** Message id: Service Bus drops a second one of the same id. */
  readonly id: string;
  readonly trackingId: string;
  readonly body: Uint8Array;
  /** Milliseconds that the message may live on the queue. */
  readonly timeToLive: number;
  /** Milliseconds to wait for the reply. */
  readonly wait: number;
}

/** Carries sealed requests to the agents and their sealed replies back. */
export class Relay {
  private readonly bus: Bus;
  private readonly replies: ReplyChannel;
  private readonly log: Log;

  constructor(settings: BusSettings, log: Log) {
    this.bus = new Bus(settings);
    this.replies = new ReplyChannel(this.bus, log);
    this.log = log;
  }

  /** Whether replies can be received now. */
  get isReady(): boolean {
    return this.replies.sessionId !== undefined;
  }

  /** Opens the links before the first request needs them; failures show at the request. */
  start(connectors: readonly string[]): void {
    this.replies.start();
    for (const connector of connectors) this.bus.open(requestsQueueName(connector)).catch(() => {});
  }

  async stop(): Promise<void> {
    await this.replies.stop();
    await this.bus.close();
  }

  /**
   * Sends a request and waits for its reply. A send that was not acknowledged may have arrived all
   * the same, so only a definite refusal ends the wait, and the reply never waits for the
   * acknowledgement.
   * @returns what `open` made of the reply, or undefined: no reply of ours came in time
   * @throws ApiError `relayUnavailable`: nothing was sent
   */
  async call<T>(request: RelayRequest, open: OpenReply<T>): Promise<T | undefined> {
    const until = Date.now() + request.wait;
    const session = await this.replies.ready(Math.min(READY_MS, request.wait));
    if (session === undefined) throw new ApiError("relayUnavailable");
    await this.open(requestsQueueName(request.connector));
    const left = until - Date.now();
    if (left <= 0) throw new ApiError("relayUnavailable");
    const expected = this.replies.expect(request.id, left, open);
    const sent = this.send(request, session);
    try {
      return await Promise.race([expected.reply, sent.then(() => expected.reply)]);
    } catch (error) {
      expected.cancel();
      throw error;
    }
  }

  /**
   * Makes sure that the link is open: a request that waits for one could be sent much later. As
   * nothing is sent here it is tried twice; the first try may have replaced a client that was
   * stuck.
   * @throws ApiError `relayUnavailable`
   */
  private async open(queue: string): Promise<void> {
    try {
      await this.bus.open(queue).catch(() => this.bus.open(queue));
    } catch (cause) {
      throw new ApiError("relayUnavailable", { cause });
    }
  }

  /** @throws ApiError `relayUnavailable`: nothing was sent */
  private async send(request: RelayRequest, session: string): Promise<void> {
    try {
      await this.bus.send(requestsQueueName(request.connector), {
        body: Buffer.from(request.body),
        messageId: request.id,
        correlationId: request.trackingId,
        replyTo: REPLIES_QUEUE_NAME,
        replyToSessionId: session,
        timeToLive: request.timeToLive,
        contentType: "application/jose+json",
      });
    } catch (error) {
      if (isDefinite(error)) throw new ApiError("relayUnavailable", { cause: error });
      this.log.error("sendNotAcknowledged", { trackingId: request.trackingId });
    }
  }
}

import type { ServiceBusClient, ServiceBusSender } from "@azure/service-bus";
import { REPLIES_QUEUE_NAME } from "@password-writeback/protocol/queues.ts";
import type { RelayClient } from "./relayClient.ts";

/** Where an answer goes: the session of the function instance that waits for it. */
export interface ReplyAddress {
  readonly sessionId: string;
  /** Message id of the request. */
  readonly correlationId: string;
}

/** Milliseconds that a reply waits for a reader; nobody asks for it after that. */
const TIME_TO_LIVE_MS = 60_000;
/** Milliseconds for one attempt; the second one uses a new client if the first was stuck. */
const ATTEMPT_MS = 2_500;
const ATTEMPTS = 2;

/** Sends sealed replies. */
export class ReplySender {
  private readonly relay: RelayClient;
  private readonly senders = new WeakMap<ServiceBusClient, ServiceBusSender>();

  constructor(relay: RelayClient) {
    this.relay = relay;
  }

  /** Opens the link, so that the first reply finds it open. */
  async prepare(): Promise<void> {
    await this.relay.call(ATTEMPT_MS, (client) => this.sender(client).createMessageBatch());
  }

  /** @throws the last attempt's error; a reply may then have been sent or not */
  async send({ sessionId, correlationId }: ReplyAddress, body: Uint8Array): Promise<void> {
    const message = {
      body: Buffer.from(body),
      sessionId,
      correlationId,
      timeToLive: TIME_TO_LIVE_MS,
      contentType: "application/jose",
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.relay.call(ATTEMPT_MS, (client) =>
          this.sender(client).sendMessages(message),
        );
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  private sender(client: ServiceBusClient): ServiceBusSender {
    const known = this.senders.get(client);
    if (known && !known.isClosed) return known;
    const sender = client.createSender(REPLIES_QUEUE_NAME);
    this.senders.set(client, sender);
    return sender;
  }
}

import type { TokenCredential } from "@azure/identity";
import {
  ServiceBusClient,
  type ServiceBusClientOptions,
  type ServiceBusSender,
  type ServiceBusSessionReceiver,
} from "@azure/service-bus";
import { within } from "@password-writeback/protocol/within.ts";
import { PingingWebSocket } from "./pingingWebSocket.ts";

/** Milliseconds that one SDK call may take before the whole client counts as stuck. */
const CALL_MS = 2_500;

export interface BusSettings {
  readonly namespace: string;
  readonly endpoint: string | undefined;
  readonly credential: TokenCredential;
}

/** Fresh for each client: the SDK changes the object it is given. */
const clientOptions = (endpoint: string | undefined): ServiceBusClientOptions => ({
  retryOptions: { maxRetries: 1, retryDelayInMs: 200, timeoutInMs: 2_000 },
  webSocketOptions: { webSocket: PingingWebSocket },
  ...(endpoint === undefined ? {} : { customEndpointAddress: endpoint }),
});

/**
 * The Service Bus client, replaceable: a connection lost while a link opens blocks the whole SDK
 * client for a minute, and a fresh one works at once. Every call has a deadline of our own; one
 * that overruns it has the client replaced.
 */
export class Bus {
  private readonly settings: BusSettings;
  private client: ServiceBusClient;
  private senders = new Map<string, ServiceBusSender>();

  constructor(settings: BusSettings) {
    this.settings = settings;
    this.client = this.connect();
  }

  /** Opens the link to a queue, so that the first request finds it open. */
  async open(queue: string): Promise<void> {
    await this.guarded((client) => this.sender(client, queue).createMessageBatch());
  }

  /** @throws DeadlineError or the SDK's error; the message may have been delivered all the same */
  async send(
    queue: string,
    message: Parameters<ServiceBusSender["sendMessages"]>[0],
  ): Promise<void> {
    await this.guarded((client) => this.sender(client, queue).sendMessages(message));
  }

  /** Takes hold of a reply session. @throws DeadlineError or the SDK's error */
  acceptSession(queue: string, sessionId: string): Promise<ServiceBusSessionReceiver> {
    return this.guarded(
      (client) =>
        client.acceptSession(queue, sessionId, {
          receiveMode: "peekLock",
          skipParsingBodyAsJson: true,
          // The SDK cannot count further; Infinity switches renewal off.
          maxAutoLockRenewalDurationInMs: 10 * 365 * 86_400_000,
          abortSignal: AbortSignal.timeout(CALL_MS),
        }),
      (late) => void late.close().catch(() => {}),
    );
  }

  async close(): Promise<void> {
    await within(5_000, this.client.close()).catch(() => {});
  }

  private connect(): ServiceBusClient {
    const { namespace, credential, endpoint } = this.settings;
    return new ServiceBusClient(namespace, credential, clientOptions(endpoint));
  }

  private sender(client: ServiceBusClient, queue: string): ServiceBusSender {
    const known = this.senders.get(queue);
    if (known && !known.isClosed) return known;
    const sender = client.createSender(queue);
    this.senders.set(queue, sender);
    return sender;
  }

  private async guarded<T>(
    call: (client: ServiceBusClient) => Promise<T>,
    late?: (value: T) => void,
  ): Promise<T> {
    const { client } = this;
    try {
      return await within(CALL_MS, call(client), late);
    } catch (error) {
      if ((error as Error).name === "DeadlineError") this.replace(client);
      throw error;
    }
  }

  /** A call that several requests overran replaces the client once. */
  private replace(stuck: ServiceBusClient): void {
    if (this.client !== stuck) return;
    this.client = this.connect();
    this.senders = new Map();
    void stuck.close().catch(() => {});
  }
}

import { ServiceBusClient } from "@azure/service-bus";
import { DeadlineError, within } from "@password-writeback/protocol/within.ts";
import type { Credential } from "../credential.ts";
import { PingingWebSocket } from "./pingingWebSocket.ts";

export interface RelaySettings {
  /** Host name of the Service Bus namespace. */
  readonly namespace: string;
  /** Where to dial instead, as behind a private link. */
  readonly endpoint?: string | undefined;
}

/** Milliseconds after which closing a client is given up; a stuck one needs up to a minute. */
const CLOSE_MS = 90_000;

/** The options object is fresh for each client: the SDK changes the one that it is given. */
const connect = (
  { namespace, endpoint }: RelaySettings,
  credential: Credential,
): ServiceBusClient =>
  new ServiceBusClient(namespace, credential, {
    retryOptions: { maxRetries: 1, retryDelayInMs: 500, timeoutInMs: 3_000 },
    webSocketOptions: { webSocket: PingingWebSocket },
    ...(endpoint !== undefined && { customEndpointAddress: endpoint }),
  });

/**
 * The connection to the relay. Replaceable: a connection lost while a link is opening blocks the
 * whole SDK client for a minute, where a new one works at once.
 */
export class RelayClient {
  private readonly open: () => ServiceBusClient;
  private readonly onReplaced: Array<() => void> = [];
  private client: ServiceBusClient;

  constructor(settings: RelaySettings, credential: Credential) {
    this.open = () => connect(settings, credential);
    this.client = this.open();
  }

  get current(): ServiceBusClient {
    return this.client;
  }

  /** Told after a replacement; links of the old client are to be opened anew. */
  whenReplaced(listener: () => void): void {
    this.onReplaced.push(listener);
  }

  /**
   * Puts our own deadline round a call of the SDK: neither abort signals nor its timeouts hold
   * everywhere. An overrun makes the client suspect, and it is replaced.
   * @throws DeadlineError, or what the call threw
   */
  async call<T>(milliseconds: number, run: (client: ServiceBusClient) => Promise<T>): Promise<T> {
    const { client } = this;
    try {
      return await within(milliseconds, run(client));
    } catch (error) {
      if (error instanceof DeadlineError) this.replace(client);
      throw error;
    }
  }

  /** @param milliseconds to wait for the SDK at most */
  async close(milliseconds: number): Promise<void> {
    await within(milliseconds, this.client.close()).catch(() => {});
  }

  private replace(suspect: ServiceBusClient): void {
    if (suspect !== this.client) return;
    this.client = this.open();
    within(CLOSE_MS, suspect.close()).catch(() => {});
    for (const listener of this.onReplaced) listener();
  }
}

import {
  ServiceBusClient,
  type ServiceBusReceivedMessage,
  type ServiceBusSender,
} from "@azure/service-bus";
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import WebSocket from "ws";
import { CONNECTOR } from "../../../local/samples.ts";
import { TENANT_ID } from "../../../local/stack/tenant.ts";
import { openRequest } from "../../../protocol/envelope.ts";
import type { Verdict } from "../../../protocol/outcome.ts";
import { REPLIES_QUEUE_NAME, requestsQueueName } from "../../../protocol/queues.ts";
import { sealReply } from "../../../protocol/reply.ts";
import type { Request } from "../../../protocol/request.ts";
import { publicKey, type TrustedAgent, type TrustList } from "../../../protocol/trustList.ts";

/** What the script does with a request; undefined: takes it and never answers. */
export type Script = (
  request: Request,
  message: ServiceBusReceivedMessage,
) => Verdict | undefined | Promise<Verdict | undefined>;

interface Options {
  readonly namespace: string;
  readonly busUrl: string;
  readonly token: () => Promise<string>;
  readonly list: () => TrustList;
}

/**
 * An agent that speaks the real protocol on the real relay and does what a test says in place of
 * a directory.
 */
export class ScriptedAgent {
  /** Every request it opened. */
  readonly requests: Request[] = [];
  /** Every message it was given, as it came. */
  readonly messages: ServiceBusReceivedMessage[] = [];
  script: Script = () => ({ status: "succeeded" });
  private readonly client: ServiceBusClient;
  private readonly replies: ServiceBusSender;
  private readonly options: Options;
  private readonly keys: { readonly kid: string; readonly key: CryptoKey };
  readonly entry: TrustedAgent;

  private constructor(options: Options, entry: TrustedAgent, key: CryptoKey) {
    this.options = options;
    this.entry = entry;
    this.keys = { kid: entry.kid, key };
    this.client = new ServiceBusClient(
      options.namespace,
      {
        getToken: async () => ({
          token: await options.token(),
          expiresOnTimestamp: Date.now() + 3_600_000,
        }),
      },
      {
        customEndpointAddress: options.busUrl,
        webSocketOptions: { webSocket: WebSocket },
        retryOptions: { maxRetries: 1, retryDelayInMs: 200, timeoutInMs: 1_000 },
      },
    );
    this.replies = this.client.createSender(REPLIES_QUEUE_NAME);
  }

  static async make(options: Options, servicePrincipal: string): Promise<ScriptedAgent> {
    const pair = await generateKeyPair("ECDH-ES+A256KW", { extractable: true });
    const encryptionKey = publicKey.parse(await exportJWK(pair.publicKey));
    const entry: TrustedAgent = {
      id: "agent-1",
      servicePrincipal,
      connector: CONNECTOR,
      kid: await calculateJwkThumbprint(encryptionKey),
      encryptionKey,
      expires: Date.now() / 1_000 + 86_400,
    };
    return new ScriptedAgent(options, entry, pair.privateKey);
  }

  listen(): void {
    const receiver = this.client.createReceiver(requestsQueueName(CONNECTOR), {
      skipParsingBodyAsJson: true,
    });
    receiver.subscribe(
      {
        processMessage: async (message) => {
          const reply = await this.answer(message);
          if (reply) await this.reply(message, reply);
          await receiver.completeMessage(message);
        },
        processError: async () => {},
      },
      { autoCompleteMessages: false, maxConcurrentCalls: 16 },
    );
  }

  /** Sends any bytes to where a request wants its reply. */
  async reply(
    request: ServiceBusReceivedMessage,
    body: Uint8Array,
    correlationId = String(request.messageId),
  ): Promise<void> {
    const { replyToSessionId: sessionId } = request;
    await this.replies.sendMessages({ body: Buffer.from(body), sessionId, correlationId });
  }

  async stop(): Promise<void> {
    await this.client.close();
  }

  private async answer(message: ServiceBusReceivedMessage): Promise<Uint8Array | undefined> {
    this.messages.push(message);
    const trusted = { list: this.options.list(), connector: CONNECTOR, tenant: TENANT_ID };
    const request = await openRequest(
      message.body as Buffer,
      this.keys,
      trusted,
      Date.now() / 1_000,
    );
    this.requests.push(request);
    const verdict = await this.script(request, message);
    return (
      verdict &&
      sealReply(
        { version: 1, request: request.jti, agent: this.entry.id, ...verdict },
        request.replyKey,
      )
    );
  }
}

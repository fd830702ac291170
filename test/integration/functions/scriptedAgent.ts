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
import { within } from "../../../protocol/within.ts";

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

/** Milliseconds that one attempt to send a reply may take. */
const REPLY_MS = 1_000;
const REPLY_ATTEMPTS = 5;

const connect = ({ namespace, busUrl, token }: Options): ServiceBusClient =>
  new ServiceBusClient(
    namespace,
    {
      getToken: async () => ({
        token: await token(),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    },
    {
      customEndpointAddress: busUrl,
      webSocketOptions: { webSocket: WebSocket },
      retryOptions: { maxRetries: 0, retryDelayInMs: 200, timeoutInMs: 2_000 },
    },
  );

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
  /** Two clients: of one whose connection drops while it sends, the listening half is stuck too. */
  private listening: ServiceBusClient;
  private replying: ServiceBusClient;
  private readonly outgrown: ServiceBusClient[] = [];
  private sender: ServiceBusSender;
  private readonly settling: Promise<void>[] = [];
  private readonly answers = new Map<string, Promise<Uint8Array | undefined>>();
  private readonly options: Options;
  private readonly keys: { readonly kid: string; readonly key: CryptoKey };
  readonly entry: TrustedAgent;

  private constructor(options: Options, entry: TrustedAgent, key: CryptoKey) {
    this.options = options;
    this.entry = entry;
    this.keys = { kid: entry.kid, key };
    this.listening = connect(options);
    this.replying = connect(options);
    this.sender = this.replying.createSender(REPLIES_QUEUE_NAME);
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
      expires: Date.now() / 1_000 + 100 * 86_400,
    };
    return new ScriptedAgent(options, entry, pair.privateKey);
  }

  listen(): void {
    const receiver = this.listening.createReceiver(requestsQueueName(CONNECTOR), {
      skipParsingBodyAsJson: true,
    });
    receiver.subscribe(
      {
        processMessage: async (message) => {
          const id = String(message.messageId);
          const answer = this.answers.get(id) ?? this.answer(message);
          this.answers.set(id, answer);
          const reply = await answer;
          if (reply) await this.reply(message, reply);
          // Not awaited: settling hangs where the connection drops.
          this.settling.push(receiver.completeMessage(message).catch(() => {}));
        },
        processError: async () => {},
      },
      { autoCompleteMessages: false, maxConcurrentCalls: 16 },
    );
  }

  /** Listens no more. */
  pause(): Promise<void> {
    return this.listening.close();
  }

  /** Listens over a new connection, as an agent does that was started again. */
  resume(): void {
    this.listening = connect(this.options);
    this.listen();
  }

  /** Sends any bytes to where a request wants its reply, over whatever happens to the bus. */
  async reply(
    request: ServiceBusReceivedMessage,
    body: Uint8Array,
    correlationId = String(request.messageId),
  ): Promise<void> {
    const { replyToSessionId: sessionId } = request;
    const message = { body: Buffer.from(body), sessionId, correlationId };
    for (let attempt = 0; attempt < REPLY_ATTEMPTS; attempt += 1) {
      const { sender } = this;
      try {
        return await within(REPLY_MS, sender.sendMessages(message));
      } catch {
        if (sender === this.sender) this.replaceSender();
      }
    }
  }

  async stop(): Promise<void> {
    const clients = [this.listening, this.replying, ...this.outgrown];
    await Promise.all(clients.map((client) => within(2_000, client.close()).catch(() => {})));
    await within(5_000, Promise.all(this.settling)).catch(() => {});
  }

  private replaceSender(): void {
    this.outgrown.push(this.replying);
    this.replying = connect(this.options);
    this.sender = this.replying.createSender(REPLIES_QUEUE_NAME);
  }

  private async answer(message: ServiceBusReceivedMessage): Promise<Uint8Array | undefined> {
    this.messages.push(message);
    const trusted = { list: this.options.list(), connector: CONNECTOR, tenant: TENANT_ID };
    const { claims: request } = await openRequest(
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

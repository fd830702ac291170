import { randomUUID } from "node:crypto";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ServiceBusClient, type ServiceBusReceivedMessage } from "@azure/service-bus";
import WebSocket from "ws";
import { type Broker, startBroker } from "../../../local/broker/startBroker.ts";
import type { LocalCertificates } from "../../../local/certificates.ts";
import { type JsonServer, serveJson } from "../../../local/http/jsonServer.ts";
import { SERVICE_BUS } from "../../../local/identity/resource.ts";
import { type Identity, startIdentity } from "../../../local/identity/startIdentity.ts";
import { QUEUES, queueRights } from "../../../local/stack/queueRights.ts";
import {
  API_CLIENT_ID,
  type Applications,
  applications,
  NAMESPACE,
  TENANT_ID,
} from "../../../local/stack/tenant.ts";
import { type Heartbeat, heartbeat, signHeartbeatAnswer } from "../../../protocol/heartbeat.ts";
import { type LateOutcome, lateOutcomes } from "../../../protocol/lateOutcomes.ts";
import type { Outcome } from "../../../protocol/outcome.ts";
import { REPLIES_QUEUE_NAME, requestsQueueName } from "../../../protocol/queues.ts";
import { openReply } from "../../../protocol/reply.ts";
import type { Request } from "../../../protocol/request.ts";
import type { TrustedAgent } from "../../../protocol/trustList.ts";
import type { EnrolledKey, TrustRoot } from "./trustRoot.ts";

const DEADLINE_MS = 20_000;
const BOTH_WAYS = [() => true, () => false] as const;

/** Polls until a condition holds. @throws Error that names it, after 20 s unless told */
export async function until(
  what: string,
  condition: () => boolean,
  milliseconds = DEADLINE_MS,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/**
 * The cloud as an agent sees it: token endpoint, relay and heartbeat route are real peers; what is
 * asked and answered is in the test's hand.
 */
export class ScriptedCloud {
  readonly beats: Heartbeat[] = [];
  readonly lateOutcomes: LateOutcome[] = [];
  agents: readonly TrustedAgent[] = [];
  serial = 1;
  /** Status of the heartbeat route where it is not to answer 200. */
  heartbeatStatus = 200;
  /** Heartbeats that are answered in all; from then on the route answers 503. */
  answeredBeats = Number.POSITIVE_INFINITY;
  /** Code of the error answer that goes with it. */
  heartbeatRefusal = "trustListUnavailable";
  readonly apps: Applications;
  root: TrustRoot;
  identity!: Identity;
  broker!: Broker;
  private api!: JsonServer;
  private client!: ServiceBusClient;
  private stopped = false;
  private readonly session = randomUUID();
  private readonly replies: ServiceBusReceivedMessage[] = [];

  private constructor(root: TrustRoot, apps: Applications) {
    this.root = root;
    this.apps = apps;
  }

  static async start(certificates: LocalCertificates, root: TrustRoot): Promise<ScriptedCloud> {
    setDefaultCACertificates([...getCACertificates("default"), certificates.ca]);
    const apps = applications(await certificates.leaf("agent", ["agent-1"], "rsa"));
    const cloud = new ScriptedCloud(root, apps);
    await cloud.open(certificates);
    return cloud;
  }

  get apiUrl(): string {
    return this.api.url;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.client.close();
    await this.broker.stop();
    await this.api.stop();
    await this.identity.stop();
  }

  /** Seals a request for agents and puts it on the queue. */
  async send(request: Request, ...keys: EnrolledKey[]): Promise<void> {
    await this.sendBody(await this.root.seal(request, ...keys), request.jti);
  }

  async sendBody(body: Uint8Array | string, messageId: string = randomUUID()): Promise<void> {
    const sender = this.client.createSender(requestsQueueName(this.root.connector));
    await sender.sendMessages({
      body: typeof body === "string" ? body : Buffer.from(body),
      messageId,
      replyTo: REPLIES_QUEUE_NAME,
      replyToSessionId: this.session,
      timeToLive: 120_000,
    });
    await sender.close();
  }

  /** The answers to a request that have come so far, opened. */
  answers(request: Request): Promise<Outcome[]> {
    const mine = this.replies.filter(({ correlationId }) => correlationId === request.jti);
    return Promise.all(mine.map(({ body }) => openReply(body, request.replyKey, request.jti)));
  }

  /** The first answer to a request. */
  async answer(request: Request): Promise<Outcome> {
    const arrived = () => this.replies.some(({ correlationId }) => correlationId === request.jti);
    await until(`a reply to the ${request.operation}`, arrived);
    return (await this.answers(request))[0] as Outcome;
  }

  /** Sends and waits for the answer. */
  async ask(request: Request, ...keys: EnrolledKey[]): Promise<Outcome> {
    await this.send(request, ...keys);
    return this.answer(request);
  }

  private async open(certificates: LocalCertificates): Promise<void> {
    this.identity = await startIdentity({
      certificates,
      tenantId: TENANT_ID,
      applications: Object.values(this.apps),
      people: [],
    });
    this.broker = await startBroker({
      queues: QUEUES,
      certificate: await certificates.leaf("broker", ["127.0.0.1", "localhost"]),
      verifyToken: async (token) => {
        const claims = await this.identity.verify(token, SERVICE_BUS).catch(() => undefined);
        return claims && { subject: String(claims.oid), expiresAt: Number(claims.exp) * 1_000 };
      },
      mayUse: queueRights(this.apps),
    });
    this.api = await serveJson({
      tls: { certificates, name: "api" },
      handle: async ({ path, body, headers }) => {
        const token = headers.authorization?.replace("Bearer ", "") ?? "";
        await this.identity.verify(token, API_CLIENT_ID);
        if (path === "/v1.0/agents/agent-1/outcomes") {
          this.lateOutcomes.push(...lateOutcomes.parse(JSON.parse(body)).outcomes);
          return { status: 204 };
        }
        if (path !== "/v1.0/agents/agent-1/heartbeat") return { status: 404 };
        return this.answerBeat(heartbeat.parse(JSON.parse(body)));
      },
    });
    this.client = new ServiceBusClient(NAMESPACE, this.credential(), {
      customEndpointAddress: this.broker.url,
      webSocketOptions: { webSocket: WebSocket },
      retryOptions: { maxRetries: 1, retryDelayInMs: 200, timeoutInMs: 3_000 },
    });
    await this.listen();
  }

  /** A session receiver does not survive its connection, so it is taken anew. */
  private async listen(): Promise<void> {
    const session = await this.client.acceptSession(REPLIES_QUEUE_NAME, this.session, {
      receiveMode: "receiveAndDelete",
    });
    let lost = false;
    session.subscribe({
      processMessage: async (message) => {
        this.replies.push(message);
      },
      processError: async () => {
        if (lost || this.stopped) return;
        lost = true;
        while (!this.stopped && !(await this.listen().then(...BOTH_WAYS)));
      },
    });
  }

  private async answerBeat(beat: Heartbeat) {
    this.beats.push(beat);
    const status = this.beats.length > this.answeredBeats ? 503 : this.heartbeatStatus;
    if (status !== 200)
      return {
        status,
        body: { error: { innerError: { code: this.heartbeatRefusal } } },
      };
    const answer = await signHeartbeatAnswer(
      {
        version: 1,
        sub: "agent-1",
        nonce: beat.nonce,
        iat: Date.now() / 1_000,
        trustList: await this.root.sign(this.root.list(this.serial, this.agents)),
        unresolved: [],
      },
      await this.root.identity(),
    );
    return { status: 200, body: { answer } };
  }

  private credential() {
    const subject = { kind: "app", application: this.apps.functions } as const;
    return {
      getToken: async () => ({
        token: await this.identity.mintToken({ audience: SERVICE_BUS, subject }),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
  }
}

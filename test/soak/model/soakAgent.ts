import { cpSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Clock } from "../../../agent/clock.ts";
import { DirectoryConnection } from "../../../agent/directory/connection.ts";
import { DirectoryError } from "../../../agent/directory/directoryError.ts";
import { DomainController } from "../../../agent/directory/domainController.ts";
import { DirectoryPool } from "../../../agent/directory/pool.ts";
import { Inbox } from "../../../agent/inbox/inbox.ts";
import { Journal } from "../../../agent/journal/journal.ts";
import { LateOutcomeSender } from "../../../agent/journal/lateOutcomeSender.ts";
import { Ledger } from "../../../agent/journal/ledger.ts";
import { Observer } from "../../../agent/journal/observer.ts";
import { readSeen } from "../../../agent/journal/readSeen.ts";
import { execute } from "../../../agent/operations/execute.ts";
import type { Job, OperationSettings } from "../../../agent/operations/job.ts";
import type { Incoming } from "../../../agent/relay/listener.ts";
import { GrowingNumber } from "../../../agent/trust/growingNumber.ts";
import { TrustState } from "../../../agent/trust/trustState.ts";
import type { LocalDirectory } from "../../../local/localDirectory.ts";
import { SERVICE_ACCOUNT, userPrincipalName } from "../../../local/samples.ts";
import { lateOutcomes } from "../../../protocol/lateOutcomes.ts";
import type { Outcome } from "../../../protocol/outcome.ts";
import { openReply } from "../../../protocol/reply.ts";
import type { Request } from "../../../protocol/request.ts";
import type { TrustList } from "../../../protocol/trustList.ts";
import { TENANT } from "../../integration/agent/requests.ts";
import { type EnrolledKey, heldKeys, type TrustRoot } from "../../integration/agent/trustRoot.ts";
import type { WorldTime } from "./time.ts";

/** Where an agent is when it is killed. */
export type CrashPoint = "beforeNote" | "afterNote" | "beforeReply" | "afterReply";

export interface SoakAgentOptions {
  readonly id: string;
  readonly folder: string;
  readonly key: EnrolledKey;
  readonly root: TrustRoot;
  readonly list: TrustList;
  readonly time: WorldTime;
  readonly directory: LocalDirectory;
  readonly settings: OperationSettings;
  /** A write of a request was noted. */
  readonly noted: (id: string) => void;
  /** A definite end of a request is written down. */
  readonly concluded: (id: string) => void;
  /** An outcome has reached the cloud. */
  readonly told: (outcome: Pick<Outcome, "request" | "status">) => void;
}

/** Milliseconds. */
const PATIENCE = { connect: 5_000, search: 2_000, modify: 250 };

const STOP_MS = 3_000;

/** What becomes of an agent while it deals with one message. */
export interface Fate {
  readonly crash?: CrashPoint | undefined;
  /** What others do between the agent's reading of the account and its write. */
  readonly meanwhile?: (() => Promise<void>) | undefined;
  /** The bus takes the reply and loses it. */
  readonly losesReply?: boolean | undefined;
}

/** A whole agent but for its relay, that can be killed at any point and started anew. */
export class SoakAgent {
  dead = false;
  private readonly died = Promise.withResolvers<undefined>();
  private readonly options: SoakAgentOptions;
  private readonly fates = new Map<string, Fate>();
  private readonly connections = new Set<DirectoryConnection>();
  private readonly inbox: Inbox;
  private readonly ledger: Ledger;
  private readonly pool: DirectoryPool;
  /** Requests of which the directory's answer is known. */
  private readonly ended = new Set<string>();
  private readonly requests = new Map<string, Request>();
  private readonly run: number;

  private constructor(options: SoakAgentOptions, trust: TrustState, clock: Clock, parts: Parts) {
    const { id, time } = options;
    this.options = options;
    this.run = parts.run;
    this.pool = this.openPool();
    const log = (): void => {};
    const late = new LateOutcomeSender({
      agent: id,
      log,
      wall: time.now,
      post: async (_, body) => {
        if (this.dead) throw new Error("dead");
        for (const outcome of lateOutcomes.parse(body).outcomes) options.told(outcome);
      },
      told: (request) => void parts.journal.told(request, clock.now()).catch(() => {}),
    });
    const observer = new Observer({
      read: (intent) => readSeen([this.pool], intent),
      modifyMs: PATIENCE.modify,
      wall: time.now,
      sleep: time.sleep,
    });
    const { journal } = parts;
    this.ledger = new Ledger({ agent: id, journal, observer, late, log, wall: time.now });
    this.inbox = new Inbox({
      opener: { trust, clock, tenant: TENANT, refresh: async () => {} },
      execute: (request, remaining) => this.execute(request, remaining),
      ledger: this.ledger,
      reply: ({ correlationId }, body) => this.reply(correlationId, body),
      log,
      afterExpiryMs: PATIENCE.modify + PATIENCE.search,
    });
  }

  /** @param run counts the starts: each works on a copy of what the one before had on disk */
  static async start(options: SoakAgentOptions, run = 0): Promise<SoakAgent> {
    const { id, key, root, list, time } = options;
    const clock = new Clock(time.sources);
    const home = homeOf(options, run);
    await mkdir(home, { recursive: true });
    const serial = await GrowingNumber.open(join(home, "serial"));
    const own = { agent: id, connector: root.connector, keys: heldKeys(key) };
    const trust = new TrustState(root.rootKey, own, clock, serial);
    await trust.accept(list);
    const times = { now: () => clock.now(), wall: time.now };
    const journal = await Journal.open(join(home, "journal"), times);
    const agent = new SoakAgent(options, trust, clock, { journal, run });
    agent.ledger.resume();
    return agent;
  }

  /**
   * Deals with one message as the listener would have it.
   * @returns whether the bus may forget it; a dead agent never says so
   */
  async handle(message: Incoming, request: Request, fate: Fate): Promise<boolean> {
    this.fates.set(request.jti, fate);
    this.requests.set(request.jti, request);
    const settlement = await this.unlessDead(this.inbox.handle(message));
    const isDone = !this.dead && settlement === "complete";
    if (isDone && this.ended.has(request.jti)) this.options.concluded(request.jti);
    return isDone;
  }

  /** The test will not ask for a request again; what the agent keeps of it is its own business. */
  forget(id: string): void {
    this.fates.delete(id);
    this.requests.delete(id);
    this.ended.delete(id);
    for (const each of this.connections) if (!each.usable) this.connections.delete(each);
  }

  /** The heartbeat answer named requests without an outcome. */
  async resolve(ids: readonly string[]): Promise<void> {
    await this.unlessDead(this.ledger.resolve(ids));
  }

  /**
   * Ends it as SIGKILL would: what it has on disk now is what the next run finds, and nothing that
   * it does from now on reaches anybody.
   */
  crash(): void {
    if (this.dead) return;
    this.dead = true;
    cpSync(this.home(this.run), this.home(this.run + 1), { recursive: true });
    for (const connection of this.connections) connection.close();
    this.pool.close();
    void this.ledger.stop().catch(() => {});
    this.died.resolve(undefined);
  }

  /** The next run of it, with what this one had on disk. */
  restarted(): Promise<SoakAgent> {
    this.crash();
    return SoakAgent.start(this.options, this.run + 1);
  }

  /** Its jobs have ended as well, though nobody hears of them. */
  async stop(): Promise<void> {
    this.crash();
    await this.inbox.stop(STOP_MS, STOP_MS);
    await this.ledger.stop().catch(() => {});
  }

  private unlessDead<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([work, this.died.promise]);
  }

  private home(run: number): string {
    return homeOf(this.options, run);
  }

  private openPool(): DirectoryPool {
    const { url, servername, ca } = this.options.directory;
    const bindDn = userPrincipalName(SERVICE_ACCOUNT);
    const settings = { url, servername, ca, bindDn, timeouts: PATIENCE };
    const open = async (): Promise<DirectoryConnection> => {
      if (this.dead) throw new DirectoryError("directoryUnreachable");
      const connection = await DirectoryConnection.open(settings, SERVICE_ACCOUNT.password);
      this.connections.add(connection);
      if (this.dead) connection.close();
      return connection;
    };
    const now = this.options.time.sources.steady;
    const controller = new DomainController({ open, idleMs: 60_000, now });
    return new DirectoryPool({ size: 2, controllers: [controller] });
  }

  private async execute(request: Request, remaining: () => number) {
    const { noted, settings } = this.options;
    const note = this.ledger.note(request);
    const watched: Job["note"] = async (...asked) => {
      await this.reach(request.jti, "beforeNote");
      await note?.(...asked);
      noted(request.jti);
      await this.fates.get(request.jti)?.meanwhile?.();
      await this.reach(request.jti, "afterNote");
    };
    const verdict = await execute(request, { pool: this.pool, settings, remaining, note: watched });
    if (verdict.status !== "unknown") this.ended.add(request.jti);
    return verdict;
  }

  private async reply(id: string, body: Uint8Array): Promise<void> {
    await this.reach(id, "beforeReply");
    const request = this.requests.get(id);
    if (request && !this.fates.get(id)?.losesReply)
      this.options.told(await openReply(body, request.replyKey, id));
    await this.reach(id, "afterReply");
  }

  /** Dies where it is meant to. @throws Error once it is dead */
  private async reach(id: string, point: CrashPoint): Promise<void> {
    if (this.fates.get(id)?.crash === point) this.crash();
    if (this.dead) throw new Error("dead");
  }
}

const homeOf = ({ folder, id }: SoakAgentOptions, run: number): string =>
  join(folder, `${id}-${run}`);

interface Parts {
  readonly journal: Journal;
  readonly run: number;
}

import { setTimeout as sleep } from "node:timers/promises";
import { HEARTBEAT_SECONDS, type Heartbeat } from "@password-writeback/protocol/heartbeat.ts";
import { within } from "@password-writeback/protocol/within.ts";
import { apiClient, type Post } from "./api.ts";
import { Clock } from "./clock.ts";
import type { Configuration } from "./configuration.ts";
import { agentCredential } from "./credential.ts";
import { openJournal, openNumber } from "./dataDirectory.ts";
import { type DomainHealth, domainHealth, worstOf } from "./directory/health.ts";
import { openPool } from "./directory/openPool.ts";
import { HeartbeatSender } from "./heartbeat.ts";
import { Inbox } from "./inbox/inbox.ts";
import { requestFields } from "./inbox/logFields.ts";
import { LateOutcomeSender } from "./journal/lateOutcomeSender.ts";
import { Ledger } from "./journal/ledger.ts";
import { Observer } from "./journal/observer.ts";
import { readSeen } from "./journal/readSeen.ts";
import type { Log } from "./log.ts";
import { type Domain, executeInDomain } from "./operations/executeInDomain.ts";
import { Listener } from "./relay/listener.ts";
import { RelayClient } from "./relay/relayClient.ts";
import { ReplySender } from "./relay/replySender.ts";
import { repeat } from "./repeat.ts";
import { checkFiles, readNamed, readSecret } from "./secretFiles.ts";
import { readEncryptionKey } from "./trust/encryptionKey.ts";
import { TrustState } from "./trust/trustState.ts";
import { AGENT_VERSION } from "./version.ts";

/** Milliseconds: 8 s for the jobs at work, and all of it within 10 s. */
const STOP = { jobs: 8_000, answers: 1_000, heartbeat: 1_500, relay: 500 } as const;
/** Seconds before the first new try after a heartbeat that failed; doubles up to the usual pace. */
const FIRST_RETRY_SECONDS = 1;

/** The agent at work: beats, listens while the trust list names it, and carries out requests. */
export class Agent {
  private readonly parts: Parts;
  private readonly log: Log;
  private stopBeating: () => void = () => {};
  private failures = 0;
  private directory: Heartbeat["directory"] = { state: "down" };
  private readonly health = new Map<Domain, DomainHealth["state"]>();
  private stopped: Promise<void> | undefined;
  private resumed = false;

  private constructor(parts: Parts, log: Log) {
    this.parts = parts;
    this.log = log;
  }

  /**
   * Reads what the configuration names and starts beating. That relay, cloud or directory are out
   * of reach is no error: the agent keeps trying.
   * @throws ConfigurationError
   */
  static async start(configuration: Configuration, log: Log): Promise<Agent> {
    const agent = new Agent(await assemble(configuration, log), log);
    log("agentStarted", { agent: configuration.agentId, version: AGENT_VERSION });
    agent.parts.replies.prepare().catch(() => {});
    agent.beatOn();
    return agent;
  }

  /** No new jobs; those at work have 8 s; what is left is answered as unknown. */
  stop(): Promise<void> {
    this.stopped ??= this.windUp();
    return this.stopped;
  }

  private async windUp(): Promise<void> {
    const { listener, inbox, relay, domains, heartbeats, ledger } = this.parts;
    this.stopBeating();
    this.log("agentStopping", { running: inbox.running });
    listener.stop("stopping");
    const goodbye = heartbeats.beat({
      state: "stopping",
      relay: listener.isUp ? "up" : "down",
      directory: { state: this.directory.state },
    });
    await inbox.stop(STOP.jobs, STOP.answers);
    await within(STOP.heartbeat, Promise.all([goodbye, ledger.stop()])).catch(() => {});
    for (const { pool } of domains) pool.close();
    await relay.close(STOP.relay);
    this.log("agentStopped");
  }

  private beatOn(): void {
    this.stopBeating = repeat(
      () => this.pulse(),
      (error) => {
        this.log("unexpected", { reason: error instanceof Error ? error.name : "unknown" });
        this.failures += 1;
        return this.pauseSeconds();
      },
    );
  }

  /** @returns seconds until the next one */
  private async pulse(): Promise<number> {
    const before = this.parts.listener.listening;
    const answered = await this.beat();
    if (!this.stopped) this.listenIfTrusted();
    this.failures = answered ? 0 : this.failures + 1;
    const changed = answered && this.parts.listener.listening !== before;
    return changed ? 0 : this.pauseSeconds();
  }

  private pauseSeconds(): number {
    if (this.failures === 0) return HEARTBEAT_SECONDS;
    return Math.min(HEARTBEAT_SECONDS, FIRST_RETRY_SECONDS * 2 ** (this.failures - 1));
  }

  private async beat(): Promise<boolean> {
    const { listener, domains, heartbeats } = this.parts;
    const [relayUp, health] = await Promise.all([
      listener.check(),
      Promise.all(domains.map((domain) => this.check(domain))),
    ]);
    const directory = worstOf(health);
    this.directory = directory;
    if (this.stopped) return false;
    return heartbeats.beat({
      state: listener.listening ? "listening" : "waiting",
      relay: relayUp ? "up" : "down",
      directory,
    });
  }

  private async check(domain: Domain): Promise<DomainHealth> {
    const { pool, settings } = domain;
    const health = await domainHealth(pool);
    const { state, server, code } = health;
    if (state !== this.health.get(domain))
      this.log(state === "up" ? "directoryUp" : "directoryDown", {
        domain: settings.baseDn,
        ...(server !== undefined && { server }),
        ...(code !== undefined && { code }),
      });
    this.health.set(domain, state);
    return health;
  }

  private listenIfTrusted(): void {
    const { listener, trust, ledger } = this.parts;
    const standing = trust.standing();
    // Not before the cloud was heard: it gives the time, and it is who wants to know.
    if (standing !== "unknown" && !this.resumed) ledger.resume();
    this.resumed ||= standing !== "unknown";
    if (standing === "trusted") listener.start();
    else {
      if (standing === "notListed") this.log("agentNotTrusted", { state: standing });
      listener.stop(standing);
    }
  }
}

type Parts = Awaited<ReturnType<typeof assemble>>;

async function assemble(configuration: Configuration, log: Log) {
  const { agentId, connector, tenantId, rootKey, dataDirectory } = configuration;
  await checkFiles(configuration);
  const key = await readEncryptionKey(configuration.encryptionKeyFile);
  const clock = new Clock();
  const trust = new TrustState(
    rootKey,
    { agent: agentId, connector, kid: key.kid },
    clock,
    await openNumber(dataDirectory, "trust-list-serial"),
  );
  const credential = agentCredential(configuration);
  const post = apiClient(configuration.api, credential);
  const domains = await openDomains(configuration.directory);
  const { timeouts } = configuration.directory;
  const ledger = await openLedger(
    configuration,
    { clock, post, log },
    new Observer({
      read: (intent) =>
        readSeen(
          domains.map(({ pool }) => pool),
          intent,
        ),
      modifyMs: timeouts.modify,
      wall: Date.now,
      sleep: (milliseconds) => sleep(milliseconds, undefined, { ref: false }),
    }),
  );
  const heartbeats = new HeartbeatSender({
    post,
    trust,
    clock,
    counter: await openNumber(dataDirectory, "heartbeat-counter"),
    log,
    unresolved: (ids) => void ledger.resolve(ids).catch(() => log("journalNotWritten")),
  });
  const relay = new RelayClient(configuration.relay, credential);
  const replies = new ReplySender(relay);
  const inbox = new Inbox({
    opener: { key, trust, clock, tenant: tenantId, refresh: () => heartbeats.refresh() },
    execute: (request, remaining, heldMs) =>
      executeInDomain(domains, request, {
        heldMs,
        remaining,
        note: ledger.note(request),
        guarded: (event, rules) => log(event, { ...requestFields(request), rules }),
      }),
    ledger,
    reply: (address, body) => replies.send(address, body),
    log,
    // A write, and after it the second search of a reset that sets "must change" apart.
    afterExpiryMs: timeouts.modify + timeouts.search,
  });
  const { maximumJobs } = configuration;
  const listener = new Listener({ relay, connector, maximumJobs, handle: inbox.handle, log });
  return { trust, heartbeats, domains, relay, replies, inbox, listener, ledger };
}

async function openLedger(
  { dataDirectory, agentId }: Configuration,
  { clock, post, log }: { clock: Clock; post: Post; log: Log },
  observer: Observer,
): Promise<Ledger> {
  const wall = Date.now;
  const journal = await openJournal(dataDirectory, { now: () => clock.now(), wall });
  const told = (id: string): void => {
    journal
      .told(id, journal.find(id)?.expires ?? clock.now())
      .catch(() => log("journalNotWritten"));
  };
  const late = new LateOutcomeSender({ agent: agentId, post, log, told, wall });
  return new Ledger({ agent: agentId, journal, observer, late, log, wall });
}

const openDomains = ({
  domains,
  connections,
  timeouts,
}: Configuration["directory"]): Promise<Domain[]> =>
  Promise.all(
    domains.map(async ({ domainControllers, bindDn, passwordFile, caFile, ...settings }, at) => {
      const key = `directory.domains.${at}`;
      const ca = caFile === undefined ? undefined : await readNamed(`${key}.caFile`, caFile);
      const pool = openPool({ domainControllers, bindDn, ca, connections, timeouts }, () =>
        readSecret(`${key}.passwordFile`, passwordFile),
      );
      return { pool, settings };
    }),
  );

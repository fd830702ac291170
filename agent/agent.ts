import { HEARTBEAT_SECONDS, type Heartbeat } from "@password-writeback/protocol/heartbeat.ts";
import { within } from "@password-writeback/protocol/within.ts";
import { assemble, type Parts } from "./assemble.ts";
import type { Configuration } from "./configuration.ts";
import { type DomainHealth, domainHealth, worstOf } from "./directory/health.ts";
import type { Log } from "./log.ts";
import type { Domain } from "./operations/executeInDomain.ts";
import { repeat } from "./repeat.ts";
import type { Standing } from "./trust/trustState.ts";
import { AGENT_VERSION } from "./version.ts";

/** Milliseconds: 8 s for the jobs at work, and all of it within 10 s. */
const STOP = { jobs: 8_000, answers: 1_000, heartbeat: 1_500, relay: 500 } as const;
/** Seconds before the first new try after a heartbeat that failed; doubles up to the usual pace. */
const FIRST_RETRY_SECONDS = 1;

/** Seconds between two heartbeats of an agent that the cloud has refused. */
const REFUSED_SECONDS = 60;

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
  private standing: Standing = "unknown";

  private constructor(parts: Parts, log: Log) {
    this.parts = parts;
    this.log = log;
    // A refusal counts at once, also where a request made the agent ask between two beats.
    parts.heartbeats.whenEnded = () => this.listenIfTrusted();
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

  /** Takes no more jobs; those it has taken have 8 s; what is left is answered as unknown. */
  stop(): Promise<void> {
    this.stopped ??= this.windUp();
    return this.stopped;
  }

  private async windUp(): Promise<void> {
    const { listener, inbox, relay, domains, heartbeats, ledger } = this.parts;
    this.stopBeating();
    this.log("agentStopping", { running: inbox.running });
    const quiet = listener.stop("stopping");
    const goodbye = heartbeats.beat({
      state: "stopping",
      relay: listener.isUp ? "up" : "down",
      directory: { state: this.directory.state },
    });
    await inbox.stop(STOP.jobs, STOP.answers, quiet);
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
    await this.parts.keeper.look();
    this.listenIfTrusted();
    this.failures = answered ? 0 : this.failures + 1;
    const changed = answered && this.parts.listener.listening !== before;
    return changed ? 0 : this.pauseSeconds();
  }

  private pauseSeconds(): number {
    if (this.parts.trust.standing() === "refused") return REFUSED_SECONDS;
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
    if (this.stopped) return;
    const { listener, trust, ledger } = this.parts;
    const standing = trust.standing();
    // Not before the cloud was heard: it gives the time, and it is who wants to know.
    if (standing !== "unknown" && !this.resumed) ledger.resume();
    this.resumed ||= standing !== "unknown";
    if (standing === "trusted") listener.start();
    else {
      if (standing !== this.standing && standing !== "unknown")
        this.log("agentNotTrusted", { state: standing });
      void listener.stop(standing);
    }
    this.standing = standing;
  }
}

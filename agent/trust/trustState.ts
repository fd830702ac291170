import { STALE_SECONDS } from "@password-writeback/protocol/heartbeat.ts";
import {
  AGENT_KEY_SECONDS,
  AGENT_KEY_WARNING_SECONDS,
} from "@password-writeback/protocol/limits.ts";
import type { PublicKey, TrustedAgent, TrustList } from "@password-writeback/protocol/trustList.ts";
import type { Clock } from "../clock.ts";
import type { GrowingNumber } from "./growingNumber.ts";
import type { Keys } from "./keyRing.ts";

/** Who this agent is, as its trust list entry must say. */
export interface OwnIdentity {
  readonly agent: string;
  readonly connector: string;
  /** The agent's encryption keys: the entry must name one of them. */
  readonly keys: Keys;
}

/**
 * Whether requests may be executed: only while the list names this agent and is fresh, and the
 * cloud has not refused the agent since.
 */
export type Standing = "trusted" | "unknown" | "refused" | "notListed" | "keyExpired" | "stale";

interface Accepted {
  readonly list: TrustList;
  /** When the cloud last answered: seconds since 1970, cloud time. */
  readonly at: number;
}

/** What the agent believes: the pinned root key, and the newest list that the root key signed. */
export class TrustState {
  readonly rootKey: PublicKey;
  readonly own: OwnIdentity;
  private readonly clock: Clock;
  private readonly highest: GrowingNumber;
  private accepted: Accepted | undefined;
  private refused = false;

  /** @param highest the highest serial seen so far, kept on disk */
  constructor(rootKey: PublicKey, own: OwnIdentity, clock: Clock, highest: GrowingNumber) {
    this.rootKey = rootKey;
    this.own = own;
    this.clock = clock;
    this.highest = highest;
  }

  get serial(): number {
    return this.highest.value;
  }

  /** The list to verify requests with; undefined before the first heartbeat answer. */
  get list(): TrustList | undefined {
    return this.accepted?.list;
  }

  /** This agent's entry of the list, whatever key it names. */
  get entry(): TrustedAgent | undefined {
    const { agent, connector } = this.own;
    return this.list?.agents.find(({ id, connector: of }) => id === agent && of === connector);
  }

  /**
   * Takes a list that came verified in a heartbeat answer. Its serial is on disk before it counts.
   * @returns whether it is another list than before
   */
  async accept(list: TrustList): Promise<boolean> {
    const news = await this.take(list, this.clock.now());
    this.refused = false;
    return news;
  }

  /**
   * Takes a verified list that came by hand. It is no sign of life of the cloud: it neither begins
   * nor prolongs the time in which the agent may execute.
   * @returns whether it is another list than before
   */
  async adopt(list: TrustList): Promise<boolean> {
    if (this.accepted) return this.take(list, this.accepted.at);
    await this.highest.raise(list.serial);
    return false;
  }

  /** The cloud has refused this agent: it does not execute until the cloud answers it again. */
  refuse(): void {
    this.refused = true;
  }

  standing(): Standing {
    if (this.refused) return "refused";
    if (!this.accepted) return "unknown";
    const now = this.clock.now();
    if (now - this.accepted.at > STALE_SECONDS) return "stale";
    const { entry } = this;
    if (!entry || !this.own.keys.has(entry.kid)) return "notListed";
    return entry.expires > now ? "trusted" : "keyExpired";
  }

  /** Seconds until the key expires, where that is so near that it must be replaced now. */
  expiresSoon(): number | undefined {
    const left = (this.entry?.expires ?? Number.POSITIVE_INFINITY) - this.clock.now();
    return left <= AGENT_KEY_SECONDS - AGENT_KEY_WARNING_SECONDS ? left : undefined;
  }

  private async take(list: TrustList, at: number): Promise<boolean> {
    await this.highest.raise(list.serial);
    const known = this.accepted?.list;
    const before = known?.serial;
    // Of two that come at the same time, by hand and in an answer, the newer one stays.
    if (before !== undefined && before > list.serial) return false;
    // Of two of one serial the first one: the other was signed and never in force.
    this.accepted = { list: known?.serial === list.serial ? known : list, at };
    const { entry } = this;
    if (entry && !this.own.keys.has(entry.kid)) await this.own.keys.reload();
    return before !== list.serial;
  }
}

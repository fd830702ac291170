import { STALE_SECONDS } from "@password-writeback/protocol/heartbeat.ts";
import type { PublicKey, TrustList } from "@password-writeback/protocol/trustList.ts";
import type { Clock } from "../clock.ts";
import type { GrowingNumber } from "./growingNumber.ts";

/** Who this agent is, as its trust list entry must say. */
export interface OwnIdentity {
  readonly agent: string;
  readonly connector: string;
  /** RFC 7638 thumbprint of the agent's encryption key. */
  readonly kid: string;
}

/** Whether requests may be executed: only while the list names this agent and is fresh. */
export type Standing = "trusted" | "unknown" | "notListed" | "stale";

/** What the agent believes: the pinned root key, and the newest list that the root key signed. */
export class TrustState {
  readonly rootKey: PublicKey;
  readonly own: OwnIdentity;
  private readonly clock: Clock;
  private readonly highest: GrowingNumber;
  private accepted: { readonly list: TrustList; readonly at: number } | undefined;

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

  /**
   * Takes a list that came verified in a heartbeat answer. Its serial is on disk before it counts.
   * @returns whether it is another list than before
   */
  async accept(list: TrustList): Promise<boolean> {
    await this.highest.raise(list.serial);
    const news = this.accepted?.list.serial !== list.serial;
    this.accepted = { list, at: this.clock.now() };
    return news;
  }

  standing(): Standing {
    if (!this.accepted) return "unknown";
    const { list, at } = this.accepted;
    const now = this.clock.now();
    if (now - at > STALE_SECONDS) return "stale";
    const { agent, connector, kid } = this.own;
    const listed = list.agents.some(
      (entry) =>
        entry.id === agent &&
        entry.connector === connector &&
        entry.kid === kid &&
        entry.expires > now,
    );
    return listed ? "trusted" : "notListed";
  }
}

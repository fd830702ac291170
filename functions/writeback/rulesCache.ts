import type { PasswordRules } from "@password-writeback/protocol/passwordRules.ts";

/** Milliseconds: with the agent's own memory of the domain's rules, never more than a minute. */
const KEPT_MS = 30_000;
const MOST_PEOPLE = 1_000;

interface Kept {
  readonly account: string;
  readonly rules: PasswordRules;
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

/**
 * The password rules that this instance has read lately, by the object id of the person, so that a
 * page that asks again and again does not read the directory each time.
 */
export class RulesCache {
  private readonly people = new Map<string, Kept>();
  private readonly now: () => number;
  private readonly most: number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number, most = MOST_PEOPLE) {
    this.now = now;
    this.most = most;
  }

  /** @param account what else must be the same: the account as the cloud knows it, and who asks */
  find(person: string, account: string): PasswordRules | undefined {
    const kept = this.people.get(person);
    if (!kept) return undefined;
    const age = this.now() - kept.readAt;
    if (age < 0 || age >= KEPT_MS) this.people.delete(person);
    else if (kept.account === account) return kept.rules;
    return undefined;
  }

  /** @param readAt when they were asked for: milliseconds since 1970 */
  keep(person: string, account: string, rules: PasswordRules, readAt: number): void {
    // The oldest comes first: a map keeps the order in which its keys were added.
    this.people.delete(person);
    const [oldest] = this.people.keys();
    if (oldest !== undefined && this.people.size >= this.most) this.people.delete(oldest);
    this.people.set(person, { account, rules, readAt });
  }

  /** A write has begun or ended: what was read before may hold no more. */
  forget(person: string): void {
    this.people.delete(person);
  }

  /** People whose rules are kept. */
  get size(): number {
    return this.people.size;
  }
}

import type { PasswordRules } from "@password-writeback/protocol/passwordRules.ts";

/** Milliseconds: with the agent's own memory of the domain's rules, never more than a minute. */
const KEPT_MS = 30_000;
const MOST_PEOPLE = 1_000;

interface Kept {
  /** When they were asked for, or forgotten: milliseconds since 1970. */
  readonly at: number;
  readonly known?: { readonly account: string; readonly rules: PasswordRules };
}

interface Asked {
  readonly account: string;
  readonly rules: Promise<PasswordRules>;
}

/**
 * The password rules that this instance has read lately, by the object id of the person, so that a
 * page that asks again and again does not read the directory each time.
 */
export class RulesCache {
  private readonly people = new Map<string, Kept>();
  /** By person: what is being asked just now. */
  private readonly asking = new Map<string, Asked>();
  private readonly now: () => number;
  private readonly most: number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number, most = MOST_PEOPLE) {
    this.now = now;
    this.most = most;
  }

  /**
   * What was read lately, or what `ask` finds out: for everybody who wants to know the same until
   * then, so that one person cannot have the agent asked a thousand times at once.
   * @param account as in {@link find}
   */
  async read(
    person: string,
    account: string,
    ask: () => Promise<PasswordRules>,
  ): Promise<PasswordRules> {
    const known = this.find(person, account);
    if (known) return known;
    const underWay = this.asking.get(person);
    if (underWay?.account === account) return underWay.rules;
    const at = this.now();
    const asked: Asked = { account, rules: ask() };
    this.asking.set(person, asked);
    try {
      const rules = await asked.rules;
      this.keep(person, account, rules, at);
      return rules;
    } finally {
      if (this.asking.get(person) === asked) this.asking.delete(person);
    }
  }

  /** @param account what else must be the same: the account as the cloud knows it, and who asks */
  find(person: string, account: string): PasswordRules | undefined {
    const kept = this.people.get(person);
    if (!kept) return undefined;
    const age = this.now() - kept.at;
    if (age < 0 || age >= KEPT_MS) this.people.delete(person);
    else if (kept.known?.account === account) return kept.known.rules;
    return undefined;
  }

  /** @param at when they were asked for: milliseconds since 1970 */
  keep(person: string, account: string, rules: PasswordRules, at: number): void {
    const last = this.people.get(person);
    const isForgotten = last !== undefined && !last.known && last.at >= at;
    if (!isForgotten) this.put(person, { at, known: { account, rules } });
  }

  /** A write begins or has ended: what is known, or being read just now, may hold no more. */
  forget(person: string): void {
    this.asking.delete(person);
    this.put(person, { at: this.now() });
  }

  /** People of whom anything is kept. */
  get size(): number {
    return this.people.size;
  }

  /** The oldest goes first: a map keeps the order in which its keys were added. */
  private put(person: string, kept: Kept): void {
    this.people.delete(person);
    const [oldest] = this.people.keys();
    if (oldest !== undefined && this.people.size >= this.most) this.people.delete(oldest);
    this.people.set(person, kept);
  }
}

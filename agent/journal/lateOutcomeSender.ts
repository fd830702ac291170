import {
  LATE_OUTCOMES_AT_ONCE,
  type LateOutcome,
  type LateOutcomes,
} from "@password-writeback/protocol/lateOutcomes.ts";
import { ApiFailure, type Post } from "../api.ts";
import type { Log } from "../log.ts";

export interface LateOutcomeSenderOptions {
  readonly agent: string;
  readonly post: Post;
  readonly log: Log;
  /** Called once the cloud has taken one. */
  readonly told: (requestId: string) => void;
  readonly wall: () => number;
}

const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 60_000;
const KEEP_MS = 24 * 3_600_000;
/** More than that wait only on disk; heartbeat answers name them again. */
const MAX_WAITING = 1_000;
/** HTTP statuses that say something of what was told, not of the moment. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 413]);

interface Owed {
  readonly outcome: LateOutcome;
  readonly until: number;
}

/** Tells the cloud what was concluded too late for a reply, until it has taken it or for 24 h. */
export class LateOutcomeSender {
  private readonly options: LateOutcomeSenderOptions;
  private readonly waiting = new Map<string, Owed>();
  private timer: NodeJS.Timeout | undefined;
  private sending = false;
  private stopped = false;
  private pause = FIRST_PAUSE_MS;

  constructor(options: LateOutcomeSenderOptions) {
    this.options = options;
  }

  /** Sends it now if nothing else is being sent, and again until it was taken. */
  owe(outcome: LateOutcome): void {
    if (this.waiting.size >= MAX_WAITING || this.waiting.has(outcome.request)) return;
    this.waiting.set(outcome.request, { outcome, until: this.options.wall() + KEEP_MS });
    if (!this.timer) void this.send();
  }

  /** Outcomes that wait to be taken. */
  get size(): number {
    return this.waiting.size;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async send(): Promise<void> {
    if (this.sending || this.stopped) return;
    this.sending = true;
    this.timer = undefined;
    try {
      while (this.waiting.size > 0 && !this.stopped) await this.sendSome();
      this.pause = FIRST_PAUSE_MS;
    } catch (error) {
      this.later(error);
    } finally {
      this.sending = false;
    }
  }

  private async sendSome(): Promise<void> {
    const { wall } = this.options;
    for (const [id, { until }] of this.waiting) if (until < wall()) this.waiting.delete(id);
    const some = [...this.waiting.values()].slice(0, LATE_OUTCOMES_AT_ONCE);
    if (some.length > 0) await this.deliver(some.map(({ outcome }) => outcome));
  }

  /** What the cloud cannot read it will not read later either; it costs only itself. */
  private async deliver(outcomes: LateOutcome[]): Promise<void> {
    const { agent, post, log } = this.options;
    const body: LateOutcomes = { version: 1, outcomes };
    try {
      await post(`/v1.0/agents/${agent}/outcomes`, body);
    } catch (error) {
      if (!(error instanceof ApiFailure && REFUSALS.has(error.status))) throw error;
      const { status: httpStatus } = error;
      const [first, ...others] = outcomes;
      if (first && others.length === 0) {
        log("outcomesNotTaken", { requestId: first.request, httpStatus });
        this.settle(first);
      } else for (const outcome of outcomes) await this.deliver([outcome]);
      return;
    }
    for (const outcome of outcomes) {
      log("lateOutcomeTold", { requestId: outcome.request, status: outcome.status });
      this.settle(outcome);
    }
  }

  /** It is not to be told again. */
  private settle({ request }: LateOutcome): void {
    this.waiting.delete(request);
    this.options.told(request);
  }

  private later(error: unknown): void {
    const { log } = this.options;
    const httpStatus = error instanceof ApiFailure ? error.status : undefined;
    log("outcomesNotTaken", { ...(httpStatus !== undefined && { httpStatus }) });
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.send(), this.pause).unref();
    this.pause = Math.min(this.pause * 2, LAST_PAUSE_MS);
  }
}

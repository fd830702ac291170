import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import { ApiError } from "../http/apiError.ts";
import type { CounterRows, Versioned } from "../records/counterRows.ts";
import { isOwnAccount, type Operation } from "../records/operation.ts";
import { unavailable } from "../records/tables.ts";
import { type Consequence, consequenceOf } from "./consequence.ts";
import {
  afterwards,
  barredUntil,
  forgottenAt,
  isCounted,
  isEmpty,
  type Kind,
  NONE,
  withAttempt,
} from "./counters.ts";
import type { Limits } from "./limits.ts";
import { type Lockout, lockoutIn } from "./lockout.ts";

/** Above what can happen: of all who write at once one gets through, and few may. */
const MOST_TRIES = 100;

type Attempt = Pick<Operation, "id" | "operation" | "origin" | "targetId" | "createdAt">;
type Ended = Pick<Verdict, "status" | "code" | "directory">;

const KIND_OF: Partial<Readonly<Record<Operation["operation"], Kind>>> = {
  reset: "reset",
  unlock: "reset",
  change: "change",
};

/**
 * Limits what people can do to one account on their own behalf, or the portal on theirs. Each
 * attempt is counted before it is sent, exactly, at any number of instances at once. What
 * administrators and automation do is not counted.
 */
export class Throttle {
  private readonly rows: CounterRows;
  private readonly limits: Limits;
  private readonly now: () => number;

  constructor(rows: CounterRows, limits: Limits, now: () => number) {
    this.rows = rows;
    this.limits = limits;
    this.now = now;
  }

  /**
   * Counts an attempt.
   * @returns the counters with it, to be handed to {@link settle}
   * @throws ApiError `resetLimitReached`, `changeLimitReached`; `recordsUnavailable`
   */
  async count(attempt: Omit<Attempt, "createdAt">): Promise<Versioned | undefined> {
    const { id, targetId } = attempt;
    const kind = kindOf(attempt);
    if (kind === undefined) return undefined;
    let known: Versioned | undefined;
    for (let tried = 0; tried < MOST_TRIES; tried += 1) {
      // The answer to an earlier try was lost.
      if (known && isCounted(known.counters, id)) return known;
      const at = this.now();
      const before = known?.counters ?? NONE;
      const until = barredUntil(before, kind, this.limits, at);
      if (until !== undefined) throw limitReached(kind, until - at);
      const next = withAttempt(before, kind, { id, at }, this.limits);
      const counted = await this.rows.put(targetId, next, forgottenAt(next, this.limits), known);
      if (counted) return counted;
      known = await this.rows.find(targetId);
    }
    throw unavailable(new Error("too many at once"));
  }

  /**
   * Draws the consequence of how an operation ended. An administrator's success clears the
   * counters too.
   * @param counted what {@link count} returned, where this instance counted it
   * @throws ApiError `recordsUnavailable`
   */
  async settle(attempt: Attempt, ended: Ended, counted?: Versioned): Promise<void> {
    const kind = kindOf(attempt);
    if (kind === undefined) {
      const clears = ended.status === "succeeded" && KIND_OF[attempt.operation] === "reset";
      return clears ? this.draw(attempt, "reset", "clears", {}, undefined) : undefined;
    }
    return this.draw(
      attempt,
      kind,
      consequenceOf(kind, ended),
      lockoutIn(ended.directory),
      counted,
    );
  }

  /** Takes an attempt back that did not reach anybody. @throws ApiError `recordsUnavailable` */
  async takeBack(attempt: Attempt, counted: Versioned | undefined): Promise<void> {
    const kind = kindOf(attempt);
    if (kind !== undefined && counted) await this.draw(attempt, kind, "forgotten", {}, counted);
  }

  /** Forgets all of a person's attempts. @throws ApiError `recordsUnavailable` */
  clear(targetId: string): Promise<void> {
    return this.rows.clear(targetId);
  }

  private async draw(
    attempt: Attempt,
    kind: Kind,
    consequence: Consequence,
    told: Lockout,
    counted: Versioned | undefined,
  ): Promise<void> {
    const { targetId } = attempt;
    let known = counted ?? (await this.rows.find(targetId));
    for (let tried = 0; known && tried < MOST_TRIES; tried += 1) {
      const next = afterwards(known.counters, kind, attempt, consequence, told);
      if (next === known.counters) return;
      const done = isEmpty(next)
        ? await this.rows.remove(targetId, known)
        : await this.rows.put(targetId, next, forgottenAt(next, this.limits), known);
      if (done) return;
      known = await this.rows.find(targetId);
    }
  }
}

const kindOf = (attempt: Pick<Attempt, "operation" | "origin">): Kind | undefined =>
  isOwnAccount(attempt) ? KIND_OF[attempt.operation] : undefined;

const limitReached = (kind: Kind, milliseconds: number): ApiError =>
  new ApiError(kind === "reset" ? "resetLimitReached" : "changeLimitReached", {
    headers: { "Retry-After": String(Math.ceil(milliseconds / 1_000)) },
  });

import type { NotUnderstood } from "@password-writeback/protocol/notUnderstoodError.ts";
import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import { isQuestion, type Request } from "@password-writeback/protocol/request.ts";
import { within } from "@password-writeback/protocol/within.ts";
import { MEMORY_SECONDS } from "../journal/journal.ts";
import type { Incoming, Settlement } from "../relay/listener.ts";
import {
  type AnswerOptions,
  answer,
  type Conclusion,
  OUTDATED,
  refuse,
  refuseUnlisted,
  UNKNOWN,
} from "./answer.ts";
import { requestFields } from "./logFields.ts";
import { type Admission, OnceOnly } from "./onceOnly.ts";
import { OneAtATime } from "./oneAtATime.ts";
import { openMessage } from "./openMessage.ts";
import { isForOne, isSoleRecipient } from "./soleRecipient.ts";
import { UnlistedQuota } from "./unlistedQuota.ts";

export interface InboxOptions extends AnswerOptions {
  /** Carries out a request until the last moment at which a write may start. */
  readonly execute: (
    request: Request,
    remaining: () => number,
    /** Milliseconds that other requests of the same user have held it up here. */
    heldMs: number,
  ) => Promise<Verdict>;
  /** Milliseconds that the directory may take after the last moment at which a write may start. */
  readonly afterExpiryMs: number;
}

const EXPIRED: Verdict = { status: "failed", code: "requestExpired" };
/** Milliseconds on top of all limits of the directory, before a job counts as hung. */
const SLACK_MS = 2_000;

/**
 * Takes each message from the bus to its answer: open, verify, once only, execute, reply and
 * journal.
 */
export class Inbox {
  private readonly options: InboxOptions;
  private readonly users = new OneAtATime();
  private readonly once: OnceOnly;
  private readonly unlisted: UnlistedQuota;
  private readonly jobs = new Set<Promise<unknown>>();
  private readonly abandon = new Set<() => void>();
  private stopping = false;
  private overdue = false;

  constructor(options: InboxOptions) {
    this.options = options;
    this.once = new OnceOnly(() => options.opener.clock.now());
    this.unlisted = new UnlistedQuota(() => options.opener.clock.now());
  }

  /** Requests being worked on. */
  get running(): number {
    return this.jobs.size;
  }

  /** Deals with one message; whatever happens in it, the agent goes on. */
  readonly handle = async (message: Incoming): Promise<Settlement> => {
    if (this.stopping) return "putBack";
    const job = this.settle(message);
    this.jobs.add(job);
    try {
      return await job;
    } finally {
      this.jobs.delete(job);
    }
  };

  /**
   * Takes nothing any more and waits for the jobs at work; what has not ended after `graceMs` is
   * answered as unknown, and what has not begun by then never does.
   * @param graceMs milliseconds
   * @param answerMs milliseconds for those answers
   * @param quiet resolves once the bus hands over nothing more. What comes until then is carried
   * out: put back, another agent could not know whether it was begun
   */
  async stop(graceMs: number, answerMs: number, quiet?: Promise<void>): Promise<void> {
    await within(graceMs, this.calm(quiet)).catch(() => {});
    this.stopping = true;
    this.overdue = true;
    for (const giveUp of this.abandon) giveUp();
    await within(answerMs, this.ended()).catch(() => {});
  }

  private async calm(quiet: Promise<void> | undefined): Promise<void> {
    if (quiet) await quiet;
    this.stopping = true;
    await this.ended();
  }

  private async ended(): Promise<void> {
    while (this.jobs.size > 0) await Promise.allSettled(this.jobs);
  }

  private async settle(message: Incoming): Promise<Settlement> {
    const { opener, log } = this.options;
    const { messageId, deliveryCount } = message;
    const opened = await openMessage(message.body, opener);
    if ("refused" in opened) {
      log(opened.refused, { messageId, deliveryCount });
      if (opened.unlisted) return this.refuseUnlisted(opened.unlisted.claimed, message);
      await refuse(this.options, opened, message);
      return opened.forAnother ? "putBack" : "complete";
    }
    const { claims: request, reads } = opened;
    if (messageId !== request.jti) {
      // The bus knows repeats by the message's id, so it has not looked for one here.
      log("requestRepeated", { ...requestFields(request), messageId, deliveryCount });
      return "complete";
    }
    const started = performance.now();
    const { jti: requestId, exp: expires } = request;
    const admission = this.once.admit({ requestId, expires, deliveryCount });
    if (admission === "working") {
      log("requestRepeated", { ...requestFields(request), deliveryCount });
      return "complete";
    }
    try {
      const conclusion = await this.conclusionOn(request, message, admission);
      await answer(
        this.options,
        request,
        conclusion,
        { sessionId: message.replySession, reads },
        performance.now() - started,
      );
    } finally {
      this.once.done(requestId);
    }
    return "complete";
  }

  /** Put back where it cannot be refused for good: another agent may have a newer list. */
  private async refuseUnlisted(
    claimed: NotUnderstood | undefined,
    message: Incoming,
  ): Promise<Settlement> {
    if (!claimed || claimed.jti !== message.messageId) return "putBack";
    if (!this.unlisted.take()) return "putBack";
    const { jti: requestId, exp: expires } = claimed;
    const { deliveryCount } = message;
    const isFirst = this.once.admit({ requestId, expires, deliveryCount }) === "execute";
    try {
      const isDone = await refuseUnlisted(this.options, claimed, message, isFirst);
      return isDone ? "complete" : "putBack";
    } finally {
      if (isFirst) this.once.done(requestId);
    }
  }

  private async conclusionOn(
    request: Request,
    { body, deliveryCount }: Incoming,
    admission: Admission,
  ): Promise<Conclusion> {
    const { log, ledger, opener } = this.options;
    const remaining = opener.clock.millisecondsUntil(request.exp);
    if (isQuestion(request)) {
      log("accepted", { ...requestFields(request), deliveryCount });
      return { verdict: remaining > 0 ? await this.carryOut(request) : EXPIRED, isNews: false };
    }
    if (ledger.isRefused(request.jti)) {
      // It was told that nothing was written. Who held it since may have written all the same.
      log("requestRepeated", { ...requestFields(request), deliveryCount });
      return { verdict: deliveryCount === 0 ? OUTDATED : UNKNOWN, isNews: false };
    }
    const earlier = ledger.earlier(request.jti);
    // Somebody held it: only where that can have been nobody but this agent, and it never began.
    const mayBegin = async () =>
      (isSoleRecipient(body, opener.trust, opener.clock.now()) ||
        (await this.isSoleByNewestList(body))) &&
      ledger.covers(request) &&
      this.once.begin(request.jti);
    const isRepeated = earlier !== undefined || (admission === "repeated" && !(await mayBegin()));
    log(isRepeated ? "requestRepeated" : "accepted", { ...requestFields(request), deliveryCount });
    if (earlier) return { verdict: await earlier, isNews: false };
    if (isRepeated) return { verdict: UNKNOWN, isNews: false };
    if (admission === "expired") {
      // An old one cannot come from an honest bus: who knows who has begun it.
      const isOld = remaining < -MEMORY_SECONDS * 1_000;
      return isOld ? { verdict: UNKNOWN, isNews: false } : { verdict: EXPIRED, isNews: true };
    }
    ledger.accepted(request);
    return { verdict: await this.carryOut(request), isNews: true };
  }

  /**
   * Another agent that was revoked just now may have been handed what was sealed for this one
   * alone, and this one's list may still name it: then the newest list decides.
   */
  private async isSoleByNewestList(body: unknown): Promise<boolean> {
    const { trust, clock, refresh } = this.options.opener;
    if (!isForOne(body)) return false;
    await refresh();
    return isSoleRecipient(body, trust, clock.now());
  }

  private async carryOut(request: Request): Promise<Verdict> {
    const { opener, log, afterExpiryMs, ledger } = this.options;
    const remaining = () => opener.clock.millisecondsUntil(request.exp);
    const run = async (heldMs: number) =>
      this.overdue ? UNKNOWN : this.execute(request, remaining, heldMs);
    const user = userOf(request);
    const work = user === undefined ? run(0) : this.users.run(user, run);
    const limit = Math.max(0, remaining()) + afterExpiryMs + SLACK_MS;
    try {
      return await within(limit, this.unlessStopped(work));
    } catch {
      // Not a verdict of the directory: a fault of ours, or a job that hangs.
      if (!ledger.isOpen(request.jti))
        log("jobFailed", { requestId: request.jti, trackingId: request.trackingId });
      if (!isQuestion(request))
        work.then((verdict) => ledger.concludeLate(request, verdict)).catch(() => {});
      return UNKNOWN;
    }
  }

  /** Executes it; where a write's answer was lost, the directory is asked how it ended. */
  private async execute(
    request: Request,
    remaining: () => number,
    heldMs: number,
  ): Promise<Verdict> {
    const { execute, ledger } = this.options;
    let verdict: Verdict;
    try {
      verdict = await execute(request, remaining, heldMs);
    } catch (error) {
      if (!ledger.isOpen(request.jti)) throw error;
      verdict = UNKNOWN;
    }
    if (verdict.status !== "unknown" || !ledger.isOpen(request.jti)) return verdict;
    return (await ledger.earlier(request.jti)) ?? verdict;
  }

  /** The job's verdict, or `unknown` once the agent must not wait for it any more. */
  private unlessStopped(work: Promise<Verdict>): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => resolve(UNKNOWN);
      this.abandon.add(giveUp);
      work.then(resolve, reject).finally(() => this.abandon.delete(giveUp));
    });
  }
}

/** Whose jobs it has to wait for: nobody's where it writes nothing. */
const userOf = (request: Request): string | undefined =>
  request.operation === "probe" || isQuestion(request) ? undefined : request.target.sourceAnchor;

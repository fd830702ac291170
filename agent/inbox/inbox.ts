import type { Outcome, Verdict } from "@password-writeback/protocol/outcome.ts";
import { sealReply } from "@password-writeback/protocol/reply.ts";
import type { Request } from "@password-writeback/protocol/request.ts";
import { within } from "@password-writeback/protocol/within.ts";
import type { Log } from "../log.ts";
import type { Incoming, Settlement } from "../relay/listen.ts";
import type { ReplyAddress } from "../relay/reply.ts";
import { outcomeFields, requestFields } from "./logFields.ts";
import { OnceOnly } from "./onceOnly.ts";
import { OneAtATime } from "./oneAtATime.ts";
import { type Opener, openMessage } from "./openMessage.ts";

export interface InboxOptions {
  readonly opener: Opener;
  /** Carries out a request until the last moment at which a write may start. */
  readonly execute: (request: Request, remaining: () => number) => Promise<Verdict>;
  readonly reply: (address: ReplyAddress, body: Uint8Array) => Promise<void>;
  readonly log: Log;
  /** Milliseconds that the directory may take after the last moment at which a write may start. */
  readonly afterExpiryMs: number;
}

const UNKNOWN: Verdict = { status: "unknown", code: "outcomeUnknown" };
const EXPIRED: Verdict = { status: "failed", code: "requestExpired" };
/** Milliseconds on top of all limits of the directory, before a job counts as hung. */
const SLACK_MS = 2_000;

/** Takes each message from the bus to its answer: open, verify, once only, execute, reply. */
export class Inbox {
  private readonly options: InboxOptions;
  private readonly users = new OneAtATime();
  private readonly once: OnceOnly;
  private readonly jobs = new Set<Promise<unknown>>();
  private readonly abandon = new Set<() => void>();
  private stopping = false;
  private overdue = false;

  constructor(options: InboxOptions) {
    this.options = options;
    this.once = new OnceOnly(() => options.opener.clock.now());
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
   */
  async stop(graceMs: number, answerMs: number): Promise<void> {
    this.stopping = true;
    await within(graceMs, this.ended()).catch(() => {});
    this.overdue = true;
    for (const giveUp of this.abandon) giveUp();
    await within(answerMs, this.ended()).catch(() => {});
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
      return opened.forAnother ? "putBack" : "complete";
    }
    const { request } = opened;
    if (messageId !== request.jti) {
      // The bus knows repeats by the message's id, so it has not looked for one here.
      log("requestRepeated", { ...requestFields(request), messageId, deliveryCount });
      return "complete";
    }
    const started = performance.now();
    const verdict = await this.verdictOn(request, deliveryCount);
    if (!verdict) return "complete";
    await this.answer(request, verdict, message.replySession, performance.now() - started);
    return "complete";
  }

  /** Undefined where the request's answer comes from another delivery of it. */
  private async verdictOn(request: Request, deliveryCount: number): Promise<Verdict | undefined> {
    const { log } = this.options;
    const fields = { ...requestFields(request), deliveryCount };
    const admission = this.once.admit({
      requestId: request.jti,
      expires: request.exp,
      deliveryCount,
    });
    log(
      admission === "working" || admission === "unknown" ? "requestRepeated" : "accepted",
      fields,
    );
    if (admission === "working") return undefined;
    if (admission === "unknown") return UNKNOWN;
    if (admission === "expired") return EXPIRED;
    try {
      return await this.carryOut(request);
    } finally {
      this.once.done(request.jti);
    }
  }

  private async carryOut(request: Request): Promise<Verdict> {
    const { opener, execute, log, afterExpiryMs } = this.options;
    const remaining = () => opener.clock.millisecondsUntil(request.exp);
    const run = async () => (this.overdue ? UNKNOWN : execute(request, remaining));
    const work = request.operation === "probe" ? run() : this.users.run(keyOf(request), run);
    const limit = Math.max(0, remaining()) + afterExpiryMs + SLACK_MS;
    try {
      return await within(limit, this.unlessStopped(work));
    } catch {
      // Not a verdict of the directory: a fault of ours, or a job that hangs.
      log("jobFailed", { requestId: request.jti, trackingId: request.trackingId });
      return UNKNOWN;
    }
  }

  /** The job's verdict, or `unknown` once the agent must not wait for it any more. */
  private unlessStopped(work: Promise<Verdict>): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => resolve(UNKNOWN);
      this.abandon.add(giveUp);
      work.then(resolve, reject).finally(() => this.abandon.delete(giveUp));
    });
  }

  private async answer(
    request: Request,
    verdict: Verdict,
    sessionId: string | undefined,
    milliseconds: number,
  ): Promise<void> {
    const { opener, reply, log } = this.options;
    const ids = { requestId: request.jti, trackingId: request.trackingId };
    const outcome: Outcome = {
      version: 1,
      request: request.jti,
      agent: opener.trust.own.agent,
      ...verdict,
    };
    log("outcome", {
      ...ids,
      operation: request.operation,
      ...outcomeFields(verdict),
      milliseconds: Math.round(milliseconds),
    });
    try {
      if (sessionId === undefined) throw new TypeError("nowhere to reply to");
      await reply(
        { sessionId, correlationId: request.jti },
        await sealReply(outcome, request.replyKey),
      );
    } catch {
      log("replyNotSent", ids);
    }
  }
}

const keyOf = (request: Exclude<Request, { operation: "probe" }>): string =>
  request.target.sourceAnchor;

import {
  OUTCOME_VERSION,
  type Outcome,
  type Verdict,
} from "@password-writeback/protocol/outcome.ts";
import type { Request } from "@password-writeback/protocol/request.ts";
import { within } from "@password-writeback/protocol/within.ts";
import type { Permit } from "../directory/write.ts";
import type { Log } from "../log.ts";
import type { Intent } from "./entry.ts";
import { intentOf, sentAt } from "./intent.ts";
import type { Journal } from "./journal.ts";
import type { LateOutcomeSender } from "./lateOutcomeSender.ts";
import type { Observer } from "./observer.ts";

export interface LedgerOptions {
  readonly agent: string;
  readonly journal: Journal;
  readonly observer: Observer;
  readonly late: LateOutcomeSender;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
}

/** The part of a request that is kept. */
type Kept = Pick<Request, "jti" | "exp">;

const UNKNOWN: Verdict = { status: "unknown", code: "outcomeUnknown" };
/** Milliseconds on top of the time in which a write may still take effect. */
const SLACK_MS = 1_000;
/** Ids that heartbeat answers named and this agent can say nothing of. */
const MAX_FOREIGN = 1_000;

/** The outcome of a request, as the cloud reads it. */
export const outcomeOf = (request: string, agent: string, verdict: Verdict): Outcome => ({
  version: OUTCOME_VERSION,
  request,
  agent,
  ...verdict,
});

/**
 * What this agent has begun and how it ended: written down before and after each write, found out
 * by observation where an answer was lost, and told to the cloud where no reply could tell it.
 */
export class Ledger {
  private readonly options: LedgerOptions;
  private readonly observing = new Map<string, Promise<Verdict>>();
  private readonly foreign = new Set<string>();

  constructor(options: LedgerOptions) {
    this.options = options;
  }

  /** Whether every write since the request was made is known of. */
  covers(request: Pick<Request, "iat" | "exp">): boolean {
    return this.options.journal.covers(request);
  }

  accepted({ jti, exp }: Kept): void {
    this.options.journal.accepted(jti, exp);
  }

  /**
   * Notes the write that a request asks for, and the same once more where it is sent again: it may
   * take effect that much later. Another write of the same request adds nothing.
   */
  note(request: Request): Permit["note"] {
    const { journal, log, wall } = this.options;
    return async (server, write, directoryTime) => {
      if (write.operation !== request.operation) return;
      if (write.evidence?.resent) log("writeResent", { requestId: request.jti, server });
      const mustChange = request.operation === "reset" && request.mustChange;
      const intent = intentOf(server, write, mustChange, wall());
      const first = journal.find(request.jti)?.intent?.sent?.first;
      const sent = sentAt(directoryTime, first);
      await journal.intend(request.jti, request.exp, { ...intent, ...(sent && { sent }) });
    };
  }

  /** Whether a write of it may have been sent and nobody knows yet how that ended. */
  isOpen(id: string): boolean {
    const known = this.options.journal.find(id);
    return known?.intent !== undefined && known.verdict === undefined;
  }

  /** Whether a request that nobody could verify was refused under this id. */
  isRefused(id: string): boolean {
    return this.options.journal.find(id)?.refused === true;
  }

  /**
   * Notes that a request is refused which nobody could verify. It is no outcome: the cloud is never
   * told it on the other road, since the id may be another request's.
   * @throws Error where the journal cannot be written
   */
  refuse({ jti, exp }: Kept): Promise<void> {
    return this.options.journal.refuse(jti, exp);
  }

  /**
   * How a request ended that was begun before, once that is known; `unknown` where observation
   * takes longer than a write can take. Undefined where this agent has not begun it.
   */
  earlier(id: string): Promise<Verdict> | undefined {
    const known = this.options.journal.find(id);
    if (known?.verdict) return Promise.resolve(known.verdict);
    if (!known?.intent) return undefined;
    const limit = this.options.observer.settleMs + SLACK_MS;
    return within(limit, this.observe(id, known.expires, known.intent)).catch(() => UNKNOWN);
  }

  /** Writes down how a request ended; "unknown" ends none that is still open, and no truth. */
  async conclude({ jti, exp }: Kept, verdict: Verdict): Promise<void> {
    const { intent, verdict: earlier } = this.options.journal.find(jti) ?? {};
    if (verdict.status === "unknown" && (intent || earlier)) return;
    await this.written(this.options.journal.conclude(jti, exp, verdict));
  }

  /** A job's verdict that came after its reply. */
  async concludeLate(request: Kept, verdict: Verdict): Promise<void> {
    await this.conclude(request, verdict);
    this.owe(request, verdict);
  }

  /** Nobody may have taken the reply: the cloud is told on the other road. */
  owe({ jti, exp }: Kept, verdict: Verdict): void {
    const { journal, late, agent } = this.options;
    const { status } = verdict;
    if (status === "unknown") return;
    // Heartbeat answers name it until it was taken: that is no news for the disk each time.
    if (!journal.find(jti)?.owed) void this.written(journal.owe(jti, exp));
    late.owe({ ...outcomeOf(jti, agent, verdict), status });
  }

  /** Takes up what a run before has left open or owed. */
  resume(): void {
    const { journal } = this.options;
    for (const [id, verdict] of journal.owed) this.owe(kept(id, journal), verdict);
    for (const [id, intent] of journal.open)
      this.observe(id, kept(id, journal).exp, intent).catch(() => {});
  }

  /** Tells the cloud what is known of requests that it has no outcome of. */
  async resolve(ids: readonly string[]): Promise<void> {
    const { journal } = this.options;
    const elsewhere = new Set<string>();
    for (const id of ids) {
      const known = journal.find(id);
      if (known?.verdict) this.owe(kept(id, journal), known.verdict);
      else if (!known?.intent && !this.foreign.has(id)) elsewhere.add(id);
    }
    if (elsewhere.size === 0) return;
    const found = await journal.concluded(elsewhere);
    if (this.foreign.size > MAX_FOREIGN) this.foreign.clear();
    for (const id of elsewhere) {
      const { verdict, expires = 0 } = found.get(id) ?? {};
      if (verdict === undefined || verdict.status === "unknown") this.foreign.add(id);
      else await this.recall({ jti: id, exp: expires }, verdict);
    }
  }

  /** Owed first, so that the verdict, long forgotten, is kept until the cloud has taken it. */
  private async recall(request: Kept, verdict: Verdict): Promise<void> {
    this.owe(request, verdict);
    await this.conclude(request, verdict);
  }

  /** What is open stays so for the next start. */
  async stop(): Promise<void> {
    const { observer, late, journal } = this.options;
    observer.stop();
    late.stop();
    await journal.close();
  }

  private observe(id: string, expires: number, intent: Intent): Promise<Verdict> {
    const running = this.observing.get(id);
    if (running) return running;
    const observing = this.find(id, expires, intent).finally(() => this.observing.delete(id));
    this.observing.set(id, observing);
    return observing;
  }

  private async find(id: string, expires: number, intent: Intent): Promise<Verdict> {
    const { observer, log, journal } = this.options;
    const verdict = await observer.conclude(intent);
    log("concludedLate", { requestId: id, operation: intent.operation, status: verdict.status });
    await this.written(journal.conclude(id, expires, verdict));
    this.owe({ jti: id, exp: expires }, verdict);
    return verdict;
  }

  /** A journal that cannot be written bars the next write; what has happened has happened. */
  private async written(writing: Promise<void>): Promise<void> {
    await writing.catch(() => this.options.log("journalNotWritten"));
  }
}

const kept = (id: string, journal: Journal): Kept => ({
  jti: id,
  exp: journal.find(id)?.expires ?? 0,
});

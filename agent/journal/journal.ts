import {
  CLOCK_TOLERANCE_SECONDS,
  MAX_REQUEST_SECONDS,
} from "@password-writeback/protocol/limits.ts";
import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import { type Entry, type Intent, readEntry } from "./entry.ts";
import { Segments } from "./segments.ts";

/** Milliseconds that everything is kept on disk: 24 h after the latest expiry of a request. */
const KEEP_MS = 24 * 3_600_000 + 600_000;
/** Seconds after its expiry for which a request is also in memory: longer than the bus keeps it. */
export const MEMORY_SECONDS = 300;
const SWEEP_SECONDS = 10;

/** What the journal knows of a request. */
export interface Known {
  /** Seconds since 1970, cloud time. */
  readonly expires: number;
  /** Present once a write may have been sent. */
  readonly intent?: Intent;
  readonly verdict?: Verdict;
  /** Whether a request of this id was refused that nobody could verify. */
  readonly refused?: boolean;
  /** Whether the cloud must still be told the verdict. */
  readonly owed?: boolean;
}

/** A request that has ended. */
export type Concluded = Pick<Known, "expires"> & { readonly verdict: Verdict };

const begun = (since: number): string => JSON.stringify({ kind: "begun", since } satisfies Entry);

export interface JournalClock {
  /** Seconds since 1970, cloud time. */
  readonly now: () => number;
  /** Milliseconds since 1970 by this machine. */
  readonly wall: () => number;
}

/**
 * What this agent has begun and how it ended, on disk before anyone relies on it: no restart makes
 * it execute a request twice or forget one that it had begun. Holds no secret. Of requests that
 * the bus can still deliver, of open ones and of those that are owed it also knows in memory.
 */
export class Journal {
  private readonly clock: JournalClock;
  private readonly segments: Segments;
  private readonly known = new Map<string, Known>();
  private since: number | undefined;
  private swept = 0;

  private constructor(folder: string, clock: JournalClock) {
    this.clock = clock;
    const header = () => begun(this.since ?? Number.MAX_SAFE_INTEGER);
    this.segments = new Segments(folder, header, KEEP_MS, clock.wall);
  }

  /** @throws what the file system said */
  static async open(folder: string, clock: JournalClock): Promise<Journal> {
    const journal = new Journal(folder, clock);
    await journal.segments.prepare();
    await journal.load();
    return journal;
  }

  /** Whether every write since a request was made is known of, and this one's in memory. */
  covers({ iat, exp }: { readonly iat: number; readonly exp: number }): boolean {
    return this.begin() <= iat && exp > this.clock.now() - MEMORY_SECONDS;
  }

  /** What is known of a request that the bus can still deliver. */
  find(id: string): Known | undefined {
    return this.known.get(id);
  }

  /** Requests of which a write may have been sent and nobody knows how it ended. */
  get open(): ReadonlyMap<string, Intent> {
    const open = new Map<string, Intent>();
    for (const [id, { intent, verdict }] of this.known)
      if (intent && !verdict) open.set(id, intent);
    return open;
  }

  /** Verdicts that the cloud must still be told. */
  get owed(): ReadonlyMap<string, Verdict> {
    const owed = new Map<string, Verdict>();
    for (const [id, known] of this.known)
      if (known.owed && known.verdict) owed.set(id, known.verdict);
    return owed;
  }

  /** How these requests ended, as far back as the disk goes. */
  async concluded(ids: ReadonlySet<string>): Promise<Map<string, Concluded>> {
    const found = new Map<string, Concluded>();
    for await (const { text } of this.segments.read()) {
      const read = readEntry(text);
      if (read?.kind === "conclusion" && ids.has(read.id)) found.set(read.id, read);
    }
    return found;
  }

  accepted(id: string, expires: number): void {
    this.begin();
    this.segments.later(JSON.stringify({ kind: "accepted", id, expires } satisfies Entry));
  }

  /** Resolves once it is on disk: only then may the write be sent. @throws Error */
  intend(id: string, expires: number, intent: Intent): Promise<void> {
    // In memory first: should the disk fail after all, the request is taken for begun.
    return this.keep({ kind: "intent", id, expires, intent });
  }

  /** The last word counts. Resolves once it is on disk. @throws Error */
  conclude(id: string, expires: number, verdict: Verdict): Promise<void> {
    return this.keep({ kind: "conclusion", id, expires, verdict });
  }

  /** Resolves once it is on disk: only then may the refusal be told. @throws Error */
  refuse(id: string, expires: number): Promise<void> {
    return this.keep({ kind: "refused", id, expires });
  }

  /** @throws Error */
  owe(id: string, expires: number): Promise<void> {
    return this.keep({ kind: "owed", id, expires });
  }

  /** @throws Error */
  told(id: string, expires: number): Promise<void> {
    return this.keep({ kind: "told", id, expires });
  }

  close(): Promise<void> {
    return this.segments.close();
  }

  /** Requests in memory. */
  get size(): number {
    return this.known.size;
  }

  private async keep(entry: Entry): Promise<void> {
    this.apply(entry);
    this.forget(this.clock.now());
    try {
      await this.segments.append(JSON.stringify(entry));
    } catch (error) {
      // As with a line lost in the middle: a later run must not take what is missing for never
      // begun.
      this.since = undefined;
      throw error;
    }
  }

  /** Only at a request: the clock has learned the cloud's time by then. */
  private begin(): number {
    if (this.since === undefined || this.since > this.clock.now()) {
      this.since = this.clock.now();
      this.segments.later(begun(this.since));
    }
    return this.since;
  }

  private async load(): Promise<void> {
    let isDamaged = false;
    let latest = 0;
    for await (const { text, isLast } of this.segments.read()) {
      const read = readEntry(text);
      if (!read) isDamaged ||= !isLast;
      else this.apply(read);
      if (read && "expires" in read) latest = Math.max(latest, read.expires);
      // The cloud's time is not known yet; it was at least this when that request was taken.
      this.forget(latest - MAX_REQUEST_SECONDS - CLOCK_TOLERANCE_SECONDS);
    }
    // With a line missing it can no longer say what was never begun.
    if (isDamaged) this.since = undefined;
  }

  private apply(entry: Entry): void {
    if (entry.kind === "begun") {
      this.since = entry.since;
      return;
    }
    if (entry.kind === "accepted") return;
    const { id, expires } = entry;
    const before = this.known.get(id);
    if (entry.kind === "intent") this.known.set(id, { ...before, expires, intent: entry.intent });
    else if (entry.kind === "refused") this.known.set(id, { ...before, expires, refused: true });
    else if (entry.kind === "conclusion")
      this.known.set(id, { ...before, expires, verdict: entry.verdict });
    else this.known.set(id, { ...before, expires, owed: entry.kind === "owed" });
  }

  /** Looks at all of them, and therefore seldom; the clock may have been set back as well. */
  private forget(now: number): void {
    if (Math.abs(now - this.swept) < SWEEP_SECONDS) return;
    this.swept = now;
    for (const [id, { expires, intent, verdict, owed }] of this.known) {
      const isOpen = owed || (intent && !verdict);
      const keepSeconds = isOpen ? KEEP_MS / 1_000 : MEMORY_SECONDS;
      if (expires + keepSeconds <= now) this.known.delete(id);
    }
  }
}

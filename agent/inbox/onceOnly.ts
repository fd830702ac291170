/**
 * What to do with a request: execute it; look in the journal, because it was or may have been
 * started before; say that it came too late and was never started; or nothing at all, since
 * another delivery of it is being worked on and will be answered.
 */
export type Admission = "execute" | "repeated" | "expired" | "working";

interface Delivery {
  readonly requestId: string;
  /** The last moment a write may start: seconds since 1970, cloud time. */
  readonly expires: number;
  /** How often somebody held the message before; the SDK counts from 0. */
  readonly deliveryCount: number;
}

/** Seconds for which a request is remembered after its expiry: longer than the bus keeps it. */
const MARGIN_SECONDS = 300;

/** Seconds between two looks for what may be forgotten. */
const SWEEP_SECONDS = 10;

interface Seen {
  readonly until: number;
  readonly expires: number;
  /** Whether this process has begun to execute it. */
  begun: boolean;
  done: boolean;
}

/** Sees to it that no request is executed twice by this process; the journal sees further. */
export class OnceOnly {
  private readonly seen = new Map<string, Seen>();
  private readonly now: () => number;
  private swept = 0;

  /** @param now seconds since 1970, cloud time */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Decides, and remembers the request if it is to be executed; then call `done` at its end. */
  admit({ requestId, expires, deliveryCount }: Delivery): Admission {
    const now = this.now();
    this.forget(now);
    const known = this.seen.get(requestId);
    if (known) return known.done ? "repeated" : "working";
    const admission = deliveryCount > 0 ? "repeated" : expires <= now ? "expired" : "execute";
    this.seen.set(requestId, {
      until: Math.max(expires, now) + MARGIN_SECONDS,
      expires,
      begun: admission === "execute",
      done: admission !== "execute",
    });
    return admission;
  }

  /**
   * Lets a repeated request be executed after all, once; then call `done` at its end.
   * @returns false where this process has begun it already, or it has expired
   */
  begin(requestId: string): boolean {
    const known = this.seen.get(requestId);
    if (!known || known.begun || known.expires <= this.now()) return false;
    known.begun = true;
    known.done = false;
    return true;
  }

  /** The job has ended; another delivery of the request is answered from now on. */
  done(requestId: string): void {
    const known = this.seen.get(requestId);
    if (known) known.done = true;
  }

  /** Requests that are remembered. */
  get size(): number {
    return this.seen.size;
  }

  /** Looks at all of them, and therefore seldom; the clock may have been set back as well. */
  private forget(now: number): void {
    if (Math.abs(now - this.swept) < SWEEP_SECONDS) return;
    this.swept = now;
    for (const [requestId, { until, done }] of this.seen)
      if (done && until <= now) this.seen.delete(requestId);
  }
}

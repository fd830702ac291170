/** Refusals within a minute: far more than a roll of the signing key leaves to one agent. */
export const MOST_UNLISTED = 120;
const MINUTE_SECONDS = 60;

/**
 * Bounds how many requests that nobody can verify are refused for good. Each costs a line on the
 * agent's disk and a place in its memory, and whoever may send to the bus can make up any number.
 */
export class UnlistedQuota {
  private readonly now: () => number;
  private since = Number.NEGATIVE_INFINITY;
  private count = 0;

  /** @param now seconds since 1970 */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Whether one more may be refused. */
  take(): boolean {
    const now = this.now();
    if (Math.abs(now - this.since) >= MINUTE_SECONDS) {
      this.since = now;
      this.count = 0;
    }
    this.count += 1;
    return this.count <= MOST_UNLISTED;
  }
}

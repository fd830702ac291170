interface Bucket {
  readonly tokens: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Names that are remembered: below a megabyte. */
const MOST_NAMES = 10_000;
const MINUTE_MS = 60_000;

/**
 * Lets each name through so many times a minute, all at once or spread: one bucket each, in this
 * instance's memory. Of too many names the one that was seen the longest ago is forgotten.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly perMinute: number;
  private readonly now: () => number;
  private readonly most: number;

  /** @param perMinute 0: no limit */
  constructor(perMinute: number, now: () => number, most = MOST_NAMES) {
    this.perMinute = perMinute;
    this.now = now;
    this.most = most;
  }

  /** @returns milliseconds until the next one may pass; 0: this one may */
  take(name: string): number {
    if (this.perMinute === 0) return 0;
    const at = this.now();
    const { tokens: left, at: since } = this.buckets.get(name) ?? { tokens: this.perMinute, at };
    const grown = (Math.max(0, at - since) * this.perMinute) / MINUTE_MS;
    const tokens = Math.min(this.perMinute, left + grown);
    if (tokens < 1) return Math.ceil(((1 - tokens) * MINUTE_MS) / this.perMinute);
    this.keep(name, { tokens: tokens - 1, at });
    return 0;
  }

  /** Names that are remembered now. */
  get size(): number {
    return this.buckets.size;
  }

  /** A map keeps the order in which its names were added. */
  private keep(name: string, bucket: Bucket): void {
    this.buckets.delete(name);
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined && this.buckets.size >= this.most) this.buckets.delete(oldest);
    this.buckets.set(name, bucket);
  }
}

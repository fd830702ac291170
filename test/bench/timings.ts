/** What was measured of one kind of operation at one number at a time. */
export interface Figures {
  readonly operations: number;
  /** Milliseconds from call to answer: half of the operations took no longer. */
  readonly p50: number;
  /** Milliseconds; 99 of 100 operations took no longer. */
  readonly p99: number;
  readonly perSecond: number;
}

/** Milliseconds that single operations took, and that all of them took together. */
export class Timings {
  private readonly single: number[] = [];
  private total = 0;

  /** Adds a run: what each operation took, and the whole run, in milliseconds. */
  add(single: readonly number[], total: number): void {
    for (const milliseconds of single) this.single.push(milliseconds);
    this.total += total;
  }

  /** @throws RangeError if nothing was measured */
  figures(): Figures {
    return {
      operations: this.single.length,
      p50: percentile(this.single, 50),
      p99: percentile(this.single, 99),
      perSecond: (this.single.length / this.total) * 1_000,
    };
  }
}

/**
 * Nearest rank: the smallest value that at least so many percent of the values do not exceed.
 * @throws RangeError if there are none
 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new RangeError("nothing was measured");
  return value;
}

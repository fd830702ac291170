/** Slices of time that a count is kept in. */
const SLICES = 60;

/** How often something has happened in the last while, in slices of it: bounded, however often. */
export class RecentCount {
  private readonly slices = new Map<number, number>();
  private readonly sliceMs: number;
  private readonly now: () => number;

  /** @param window milliseconds */
  constructor(window: number, now: () => number) {
    this.sliceMs = window / SLICES;
    this.now = now;
  }

  add(): void {
    const slice = this.current();
    this.slices.set(slice, (this.slices.get(slice) ?? 0) + 1);
  }

  get total(): number {
    const oldest = this.current() - SLICES;
    let total = 0;
    for (const [slice, count] of this.slices)
      if (slice <= oldest) this.slices.delete(slice);
      else total += count;
    return total;
  }

  clear(): void {
    this.slices.clear();
  }

  private current(): number {
    return Math.floor(this.now() / this.sliceMs);
  }
}

import type { Clock } from "../../../../local/broker/clock.ts";

/** A clock that stands still until it is advanced; timers run in the order of their times. */
export class FakeClock implements Clock {
  private time = 1_000_000;
  private order = 0;
  private readonly timers = new Map<number, { at: number; run: () => void }>();

  now(): number {
    return this.time;
  }

  setTimer(ms: number, run: () => void): () => void {
    const id = this.order++;
    this.timers.set(id, { at: this.time + Math.max(0, ms), run });
    return () => this.timers.delete(id);
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end);
      const next = due.sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
      if (!next) break;
      this.timers.delete(next[0]);
      this.time = next[1].at;
      next[1].run();
    }
    this.time = end;
  }

  /** Timers that are still to run. */
  get pending(): number {
    return this.timers.size;
  }
}

import type { Clock } from "../clock.ts";

/**
 * The message ids of the last `windowMs` milliseconds. A repeat does not lengthen the memory of
 * its id.
 */
export class DuplicateHistory {
  private readonly clock: Clock;
  private readonly windowMs: number;
  /** Id to the moment it is forgotten; in the order of arrival, so the oldest come first. */
  private readonly known = new Map<string, number>();

  constructor(clock: Clock, windowMs: number) {
    this.clock = clock;
    this.windowMs = windowMs;
  }

  /** Notes the id; true if it was there already. */
  isRepeat(id: string): boolean {
    if (this.windowMs <= 0) return false;
    const now = this.clock.now();
    this.forget(now);
    if (this.known.has(id)) return true;
    this.known.set(id, now + this.windowMs);
    return false;
  }

  private forget(now: number): void {
    for (const [id, until] of this.known) {
      if (until > now) return;
      this.known.delete(id);
    }
  }
}

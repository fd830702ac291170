import type { Cancel, Clock } from "../clock.ts";

/** Sweeps are at least this far apart, however many messages expire one after the other. */
const SWEEP_GAP_MS = 20;

/**
 * One timer for the next message that expires. Late by up to `SWEEP_GAP_MS`, which nobody can
 * see: a message's time to live is checked again before each delivery.
 */
export class ExpiryTimer {
  private readonly clock: Clock;
  private readonly sweep: (now: number) => void;
  private at = Number.POSITIVE_INFINITY;
  private sweptAt = Number.NEGATIVE_INFINITY;
  private cancel: Cancel | undefined;

  constructor(clock: Clock, sweep: (now: number) => void) {
    this.clock = clock;
    this.sweep = sweep;
  }

  /** Something expires at this moment (milliseconds since 1970). */
  arm(expiresAt: number): void {
    const at = Math.max(expiresAt, this.sweptAt + SWEEP_GAP_MS);
    if (at >= this.at) return;
    this.cancel?.();
    this.at = at;
    this.cancel = this.clock.setTimer(Math.max(0, at - this.clock.now()), () => this.run());
  }

  stop(): void {
    this.cancel?.();
    this.at = Number.POSITIVE_INFINITY;
  }

  private run(): void {
    this.at = Number.POSITIVE_INFINITY;
    this.sweptAt = this.clock.now();
    this.sweep(this.sweptAt);
  }
}

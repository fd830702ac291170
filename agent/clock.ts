/** Seconds that this machine's clock may differ from the cloud's before it is unhealthy. */
export const MAX_SKEW_SECONDS = 60;

const MAX_AHEAD_MS = 86_400_000;

/** Two clocks of this machine, in milliseconds: the calendar's, and one that never jumps. */
export interface Sources {
  readonly wall: () => number;
  readonly steady: () => number;
}

const MACHINE: Sources = { wall: Date.now, steady: () => performance.now() };

interface Correction extends Record<keyof Sources, number> {
  readonly cloud: number;
}

/**
 * The cloud's time, as last told in a signed heartbeat answer. Deadlines of requests are judged by
 * it and by nothing else.
 */
export class Clock {
  private readonly sources: Sources;
  private learned: Correction | undefined;

  constructor(sources: Sources = MACHINE) {
    this.sources = sources;
  }

  /**
   * Seconds since 1970. Of two estimates the later one, so that a clock set back or a machine
   * put to sleep can make a request expire too early, which is harmless, but never too late.
   */
  now(): number {
    return Math.max(...this.estimates()) / 1_000;
  }

  /** As `now`, where the cloud's time was learned before and both estimates agree. */
  agreed(): number | undefined {
    const [steady, wall] = this.estimates();
    const disagree = Math.abs(steady - wall) > MAX_SKEW_SECONDS * 1_000;
    return this.learned === undefined || disagree ? undefined : this.now();
  }

  /**
   * Milliseconds until a moment of cloud time, negative once it has passed; never more than a timer
   * can take, or it would fire at once.
   */
  millisecondsUntil(seconds: number): number {
    return Math.min((seconds - this.now()) * 1_000, MAX_AHEAD_MS);
  }

  /**
   * @param cloudSeconds the cloud's time
   * @param askedSeconds ago when it was asked for; all of that is taken as the answer's way, so
   * that this clock is never behind the cloud's
   * @returns seconds by which this machine's own clock is ahead of the cloud's
   */
  correct(cloudSeconds: number, askedSeconds: number): number {
    const cloud = (cloudSeconds + askedSeconds) * 1_000;
    const wall = this.sources.wall();
    this.learned = { cloud, wall, steady: this.sources.steady() };
    return (wall - cloud) / 1_000;
  }

  private estimates(): readonly [steady: number, wall: number] {
    const { wall, steady } = this.sources;
    if (!this.learned) return [wall(), wall()];
    const { cloud } = this.learned;
    return [cloud + steady() - this.learned.steady, cloud + wall() - this.learned.wall];
  }
}

/** What the choice between domain controllers looks at. */
export interface Candidate {
  /** Whether it is the PDC emulator: it has the freshest passwords, lockouts and policy. */
  readonly isPdc: boolean;
  /** False for a read-only one and one that has not caught up with the others. */
  readonly isFit: boolean;
  /**
   * `failed`: it could not be reached, its rest is over, and nobody has reached it since.
   * `resting`: it could not be reached a short time ago.
   */
  readonly standing: "good" | "failed" | "resting";
  /** Milliseconds of the steady clock: when it could not be reached. */
  readonly failedAt: number;
}

/**
 * The domain controllers to try for a job, in order: the PDC emulator, then as configured, then
 * those whose rest is over. Where all are resting, only the one that failed longest ago: it costs a
 * job no more than one attempt, and nothing else could end the outage sooner.
 */
export function orderedForWrites<C extends Candidate>(configured: readonly C[]): readonly C[] {
  const fit = configured.filter(({ isFit }) => isFit);
  const awake = fit.filter(({ standing }) => standing !== "resting");
  if (awake.length > 0) return awake.toSorted((one, other) => rank(one) - rank(other));
  return fit.toSorted((one, other) => one.failedAt - other.failedAt).slice(0, 1);
}

const rank = ({ isPdc, standing }: Candidate): number =>
  (standing === "failed" ? 2 : 0) + (isPdc ? 0 : 1);

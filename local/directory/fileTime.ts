const EPOCH_DIFFERENCE_MS = 11_644_473_600_000n;
const TICKS_PER_MS = 10_000n;

/** The "never" of `accountExpires`, `maxPwdAge` and the like. */
export const NEVER = 0x7fff_ffff_ffff_ffffn;
/** The other "never": durations that are negative and without end. */
export const FOREVER = -0x8000_0000_0000_0000n;

/** Milliseconds since 1970 as FILETIME: 100 ns units since 1601. */
export const fileTime = (ms: number): bigint =>
  (BigInt(Math.floor(ms)) + EPOCH_DIFFERENCE_MS) * TICKS_PER_MS;

/** Whole seconds since 1601, as in replication metadata. */
export const fileTimeSeconds = (ms: number): bigint => fileTime(ms) / 10_000_000n;

/** `YYYYMMDDHHMMSS.0Z`, as Windows writes GeneralizedTime (MS-ADTS 3.1.1.2.2.2). */
export function generalizedTime(ms: number): string {
  const digits = new Date(ms).toISOString().replace(/[-T:]/g, "").slice(0, 14);
  return `${digits}.0Z`;
}

/**
 * FILETIMEs of a clock that never repeats within one millisecond: two passwords set in the same
 * millisecond must differ in `pwdLastSet`, or compare-and-set could not tell them apart.
 */
export class Ticks {
  private readonly clock: () => number;
  private lastMs = Number.NaN;
  private extra = 0n;

  constructor(clock: () => number) {
    this.clock = clock;
  }

  next(): bigint {
    const ms = Math.floor(this.clock());
    this.extra = ms === this.lastMs ? this.extra + 1n : 0n;
    this.lastMs = ms;
    return fileTime(ms) + this.extra;
  }
}

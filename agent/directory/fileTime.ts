const EPOCH_DIFFERENCE_MS = 11_644_473_600_000n;
/** FILETIME steps of 100 ns in a millisecond. */
export const TICKS_PER_MS = 10_000n;
/** The last moment whose year has four digits, which is what readers of ISO 8601 expect. */
const LAST_MS = 253_402_300_799_999n;

/** A FILETIME counts 100 ns from 1601 on (MS-DTYP 2.3.3). */
export const fileTime = (ms: number): bigint =>
  (BigInt(Math.floor(ms)) + EPOCH_DIFFERENCE_MS) * TICKS_PER_MS;

/** Milliseconds since 1970 of a FILETIME. */
export const unixMs = (time: bigint): bigint => time / TICKS_PER_MS - EPOCH_DIFFERENCE_MS;

/** ISO 8601 in UTC; undefined before 1970 and after the year 9999. */
export function isoTime(time: bigint): string | undefined {
  const ms = unixMs(time);
  return ms >= 0n && ms <= LAST_MS ? new Date(Number(ms)).toISOString() : undefined;
}

const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/;

/** FILETIME of a GeneralizedTime as domain controllers write it; undefined for anything else. */
export function generalizedTime(text: string): bigint | undefined {
  const fields = GENERALIZED.exec(text)?.slice(1);
  if (!fields) return undefined;
  const [year, month, day, hour, minute, second] = fields;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : fileTime(ms);
}

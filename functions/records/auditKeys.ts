const DAY_MS = 86_400_000;
/** Day and millisecond that keys count down from, so that the newest record comes first. */
const LAST_DAY = 99_999;
const LAST_MS = 9_999_999_999_999;

const countdown = (from: number, value: number): string =>
  String(from - value).padStart(String(from).length, "0");

/** Partition of a UTC day: newest first, and readable. @param at milliseconds since 1970 */
export const auditPartition = (at: number): string => {
  const day = Math.floor(at / DAY_MS);
  return `${countdown(LAST_DAY, day)}-${new Date(day * DAY_MS).toISOString().slice(0, 10)}`;
};

/** What the row keys of a moment begin with. @param at milliseconds since 1970 */
export const auditMoment = (at: number): string => countdown(LAST_MS, Math.floor(at));

/** Where a record lies: the same record has the same place, however often it is written. */
export const auditKeys = ({ id, at }: { readonly id: string; readonly at: number }) => ({
  partitionKey: auditPartition(at),
  rowKey: `${auditMoment(at)}-${id}`,
});

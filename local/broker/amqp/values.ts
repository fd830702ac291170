import { type Typed, types } from "./rhea.ts";

/** .NET ticks (100 ns since year 1) at the start of 1970. */
const TICKS_AT_EPOCH = 621_355_968_000_000_000n;

const eightBytes = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};

export const long = (value: number): Typed => types.wrap_long(eightBytes(BigInt(value)));

/** A moment (milliseconds since 1970) as .NET ticks. */
export const ticks = (ms: number): Typed =>
  types.wrap_long(eightBytes(BigInt(Math.round(ms)) * 10_000n + TICKS_AT_EPOCH));

/** rhea gives a long as a number, or as bytes if it does not fit one. */
export const fromLong = (value: unknown): number =>
  Buffer.isBuffer(value) ? Number(value.readBigInt64BE()) : Number(value);

/** Arrays of one element may come as the element. */
export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const LONG = 0x81;
const TIMESTAMP = 0x83;
export const longs = (values: readonly number[]): Typed => types.wrap_array(values, LONG);
export const timestamps = (values: readonly number[]): Typed => types.wrap_array(values, TIMESTAMP);

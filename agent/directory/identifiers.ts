/**
 * Text form of a GUID from its 16 raw bytes: the first three fields are little-endian
 * (MS-DTYP 2.3.4.2).
 */
export function guidText(raw: Buffer): string {
  const part = (start: number, end: number): string => raw.subarray(start, end).toString("hex");
  const reversed = (start: number, end: number): string =>
    Buffer.from(raw.subarray(start, end)).reverse().toString("hex");
  return [reversed(0, 4), reversed(4, 6), reversed(6, 8), part(8, 10), part(10, 16)].join("-");
}

/** Text form of a SID (MS-DTYP 2.4.2.1, 2.4.2.2); undefined where the bytes are none. */
export function sidText(raw: Buffer): string | undefined {
  const count = raw[1];
  if (raw[0] !== 1 || count === undefined || raw.length !== 8 + 4 * count) return undefined;
  const authority = raw.readUIntBE(2, 6);
  const parts = Array.from({ length: count }, (_, index) => raw.readUInt32LE(8 + 4 * index));
  return ["S-1", authority, ...parts].join("-");
}

const TEXT = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const RAW = /^[0-9a-f]{32}$/i;

const hex = (bytes: Buffer, start: number, end: number): string =>
  bytes.toString("hex", start, end);

/** A copy with the first three fields in the other byte order (RFC 4122 §4.1.2). */
function swapped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.subarray(0, 4).reverse();
  copy.subarray(4, 6).reverse();
  copy.subarray(6, 8).reverse();
  return copy;
}

/** The 16 raw bytes as 8-4-4-4-12 text: the first three fields are little-endian. */
export function guidText(raw: Buffer): string {
  const big = swapped(raw);
  const fields = [hex(big, 0, 4), hex(big, 4, 6), hex(big, 6, 8), hex(big, 8, 10)];
  return [...fields, hex(big, 10, 16)].join("-");
}

/** Bytes of a GUID in hyphenated text or in raw hex; undefined if it is neither. */
export function parseGuid(text: string): Buffer | undefined {
  if (RAW.test(text)) return Buffer.from(text, "hex");
  if (TEXT.test(text)) return swapped(Buffer.from(text.replaceAll("-", ""), "hex"));
  return undefined;
}

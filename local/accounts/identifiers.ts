/** `objectGUID` as text: the first three groups are little-endian (MS-DTYP §2.3.4). */
export function guidText(bytes: Buffer): string {
  const raw = Buffer.from(bytes);
  raw.subarray(0, 4).reverse();
  raw.subarray(4, 6).reverse();
  raw.subarray(6, 8).reverse();
  const hex = raw.toString("hex");
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => hex.slice(from, to))
    .join("-");
}

/** `objectSid` as text, `S-1-5-…` (MS-DTYP §2.4.2). */
export function sidText(bytes: Buffer): string {
  const authority = bytes.readUIntBE(2, 6);
  const parts = Array.from({ length: bytes.readUInt8(1) }, (_, n) => bytes.readUInt32LE(8 + 4 * n));
  return ["S", bytes.readUInt8(0), authority, ...parts].join("-");
}

/** Distinguished name that finds an object wherever it has been moved (MS-ADTS §3.1.1.3.1.2.4). */
export const guidDn = (objectGuid: Buffer): string => `<GUID=${guidText(objectGuid)}>`;

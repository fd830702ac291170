import fc from "fast-check";

/** One thing that is wrong with the bytes of an answer, by numbers. */
export interface Damage {
  readonly kind: number;
  readonly at: number;
  readonly value: number;
}

export const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.nat(11),
  at: fc.nat(2_047),
  value: fc.nat(255),
});

const LENGTHS = [0x00, 0x7f, 0x80, 0x81, 0x84, 0x85, 0xff];
const TAGS = [0x61, 0x64, 0x65, 0x67, 0x69, 0x73, 0x78, 0x79, 0x30, 0x04, 0x0a, 0x02, 0x00];
/** A result of some kind, whole but for its code and texts: message 1 to 255. */
const hollow = (tag: number, id: number): Buffer => Buffer.from([0x30, 5, 2, 1, id, tag, 0]);

/**
 * Bytes with one fault in them.
 * @param id of the message that is answered
 */
export function damaged(healthy: Buffer, { kind, at, value }: Damage, id: number): Buffer {
  const bytes = Buffer.from(healthy);
  const index = bytes.length === 0 ? 0 : at % bytes.length;
  const before = bytes[index] ?? 0;
  switch (kind) {
    case 0:
      bytes[index] = before ^ (1 << (value % 8));
      return bytes;
    case 1:
      bytes[index] = value;
      return bytes;
    case 2:
      return bytes.subarray(0, index);
    case 3:
      return Buffer.concat([bytes.subarray(0, index), Buffer.from([value]), bytes.subarray(index)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, index), bytes.subarray(index + 1 + (value % 8))]);
    case 5:
      bytes[Math.min(bytes.length - 1, 1 + (at % 24))] = LENGTHS[value % LENGTHS.length] ?? 0;
      return bytes;
    case 6:
      return Buffer.concat([bytes, bytes]);
    case 7:
      return hollow(TAGS[value % TAGS.length] ?? 0, id & 0x7f);
    case 8:
      return Buffer.concat([hollow(TAGS[value % TAGS.length] ?? 0, value), bytes]);
    case 9:
      return retagged(bytes, TAGS[value % TAGS.length] ?? 0);
    case 10:
      return Buffer.concat([
        Buffer.from([0x30, 0x84, value % 2 === 0 ? 0x7f : 0, 0xff, 0xff, 0xff]),
      ]);
    default:
      return Buffer.from(`HTTP/1.1 ${value} No LDAP\r\n\r\n`);
  }
}

/** The same answer as another kind of operation: its tag stands behind the message id. */
function retagged(bytes: Buffer, tag: number): Buffer {
  const start = bytes[1] === 0x84 ? 6 : 2;
  const operation = start + 2 + (bytes[start + 1] ?? 0);
  if (operation < bytes.length) bytes[operation] = tag;
  return bytes;
}

import { MalformedMessage } from "./malformedMessage.ts";

/** Universal tags that LDAP uses (X.690 §8). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Where an element's contents lie in a buffer. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the length octets at `at`: definite forms of at most four octets, as RFC 4511 §5.1 asks.
 *
 * @returns undefined when the buffer ends within them
 * @throws MalformedMessage on the indefinite form and on longer ones
 */
export function readExtent(bytes: Buffer, at: number): Extent | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 1, end: at + 1 + first };
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw new MalformedMessage("length form");
  if (at + 1 + octets > bytes.length) return undefined;
  const start = at + 1 + octets;
  return { start, end: start + bytes.readUIntBE(at + 1, octets) };
}

/**
 * Reads BER elements one after the other, without copying: what it returns shares the memory of
 * the message. Every method throws {@link MalformedMessage} when the next element is another one.
 */
export class BerReader {
  private readonly bytes: Buffer;
  private readonly end: number;
  private at: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** Tag of the next element, undefined at the end. */
  get tag(): number | undefined {
    return this.done ? undefined : this.bytes[this.at];
  }

  private next(tag: number): Extent {
    if (this.tag !== tag) throw new MalformedMessage(`expected tag ${tag}`);
    const extent = readExtent(this.bytes, this.at + 1);
    if (!extent || extent.end > this.end) throw new MalformedMessage("element too long");
    this.at = extent.end;
    return extent;
  }

  /** A reader of the contents of a constructed element. */
  enter(tag: number): BerReader {
    const { start, end } = this.next(tag);
    return new BerReader(this.bytes, start, end);
  }

  octets(tag: number = TAG.octets): Buffer {
    const { start, end } = this.next(tag);
    return this.bytes.subarray(start, end);
  }

  text(tag: number = TAG.octets): string {
    const { start, end } = this.next(tag);
    return this.bytes.toString("utf8", start, end);
  }

  /** Two's complement of one to four octets: all that LDAP's own integers need. */
  integer(tag: number = TAG.integer): number {
    const { start, end } = this.next(tag);
    if (end === start || end - start > 4) throw new MalformedMessage("integer size");
    return this.bytes.readIntBE(start, end - start);
  }

  boolean(tag: number = TAG.boolean): boolean {
    const { start, end } = this.next(tag);
    if (end - start !== 1) throw new MalformedMessage("boolean size");
    return this.bytes[start] !== 0;
  }
}

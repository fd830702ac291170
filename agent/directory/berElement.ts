/** Bytes that are no answer of a directory (RFC 4511 §5.1). */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}

const LONG_FORM = 0x80;
const MOST_LENGTH_OCTETS = 4;

/** One BER element (X.690 §8.1) within a buffer that it shares. */
export class BerElement {
  readonly tag: number;
  /** First byte of the contents. */
  readonly start: number;
  /** First byte behind it; may lie outside of the buffer while the rest has not come. */
  readonly end: number;
  private readonly bytes: Buffer;

  private constructor(bytes: Buffer, tag: number, start: number, end: number) {
    this.bytes = bytes;
    this.tag = tag;
    this.start = start;
    this.end = end;
  }

  /**
   * The element at an offset.
   * @param tag the one that it must have, if any
   * @returns undefined where the buffer ends before its length is known
   * @throws MalformedAnswer for another tag, and for lengths that LDAP does not allow
   */
  static at(bytes: Buffer, offset: number, tag?: number): BerElement | undefined {
    const found = bytes[offset];
    const first = bytes[offset + 1];
    if (found !== undefined && tag !== undefined && found !== tag) throw new MalformedAnswer();
    if (found === undefined || first === undefined) return undefined;
    const start = offset + 2;
    if (first < LONG_FORM) return new BerElement(bytes, found, start, start + first);
    const octets = first - LONG_FORM;
    if (octets === 0 || octets > MOST_LENGTH_OCTETS) throw new MalformedAnswer();
    if (start + octets > bytes.length) return undefined;
    const contents = start + octets;
    return new BerElement(bytes, found, contents, contents + bytes.readUIntBE(start, octets));
  }

  /** Bytes of the contents. */
  get length(): number {
    return this.end - this.start;
  }

  /** The elements that it is made of, without a gap. @throws MalformedAnswer */
  children(): BerElement[] {
    const found: BerElement[] = [];
    for (let at = this.start; at < this.end; ) {
      const child = BerElement.at(this.bytes, at);
      if (!child || child.end > this.end) throw new MalformedAnswer();
      found.push(child);
      at = child.end;
    }
    return found;
  }

  text(): string {
    return this.bytes.toString("utf8", this.start, this.end);
  }
}

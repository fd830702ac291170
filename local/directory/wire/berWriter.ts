import { TAG } from "./berReader.ts";

const LENGTH_OCTETS = 5;

/**
 * Writes BER elements into one growing buffer. Constructed elements take the length form
 * `84 nn nn nn nn`, as Windows writes them: it needs no second pass, and a client that reads only
 * short forms is found out.
 */
export class BerWriter {
  private bytes: Buffer;
  private at = 0;

  constructor(size = 512) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  private reserve(octets: number): void {
    const needed = this.at + octets;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  private header(tag: number, length: number): void {
    this.reserve(1 + LENGTH_OCTETS + length);
    this.bytes[this.at++] = tag;
    if (length < 0x80) {
      this.bytes[this.at++] = length;
    } else {
      this.bytes[this.at++] = 0x84;
      this.at = this.bytes.writeUInt32BE(length, this.at);
    }
  }

  /** Starts a constructed element; the result goes to {@link close}. */
  open(tag: number): number {
    this.reserve(1 + LENGTH_OCTETS);
    this.bytes[this.at++] = tag;
    this.bytes[this.at++] = 0x84;
    this.at += 4;
    return this.at;
  }

  close(opened: number): void {
    this.bytes.writeUInt32BE(this.at - opened, opened - 4);
  }

  octets(value: Buffer, tag: number = TAG.octets): void {
    this.header(tag, value.length);
    this.at += value.copy(this.bytes, this.at);
  }

  text(value: string, tag: number = TAG.octets): void {
    const length = Buffer.byteLength(value);
    this.header(tag, length);
    this.at += this.bytes.write(value, this.at, length, "utf8");
  }

  /** A signed integer of at most 32 bits, in the fewest octets. */
  integer(value: number, tag: number = TAG.integer): void {
    let octets = 1;
    while (octets < 4 && (value < -(2 ** (8 * octets - 1)) || value >= 2 ** (8 * octets - 1))) {
      octets += 1;
    }
    this.header(tag, octets);
    this.at = this.bytes.writeIntBE(value, this.at, octets);
  }

  boolean(value: boolean, tag: number = TAG.boolean): void {
    this.header(tag, 1);
    this.bytes[this.at++] = value ? 0xff : 0;
  }

  /** What was written so far; the writer must not be used after it. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.at);
  }
}

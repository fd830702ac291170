import { readExtent, TAG } from "./berReader.ts";
import { MalformedMessage } from "./malformedMessage.ts";

/** Largest message taken: Windows' MaxReceiveBuffer, in bytes. */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

/** Cuts a byte stream into LDAP messages, however it was split or joined on the way. */
export class Frames {
  private readonly limit: number;
  private chunks: Buffer[] = [];
  private held = 0;
  private needed = 2;

  constructor(limit = MAX_MESSAGE_BYTES) {
    this.limit = limit;
  }

  /**
   * Takes the next bytes and yields the messages that they complete. They are yielded one by one
   * so that those before the malformed one are answered.
   *
   * @throws MalformedMessage when what follows is no message, or one over the limit
   */
  *push(chunk: Buffer): Generator<Buffer> {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held < this.needed && this.held >= 2) return;
    let bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.held);
    for (;;) {
      const length = this.measure(bytes);
      if (length === undefined || length > bytes.length) {
        this.needed = length ?? bytes.length + 1;
        break;
      }
      const frame = bytes.subarray(0, length);
      bytes = bytes.subarray(length);
      yield frame;
    }
    this.chunks = bytes.length > 0 ? [bytes] : [];
    this.held = bytes.length;
  }

  private measure(bytes: Buffer): number | undefined {
    if (bytes.length === 0) return undefined;
    if (bytes[0] !== TAG.sequence) throw new MalformedMessage("no LDAP message");
    const end = readExtent(bytes, 1)?.end;
    if (end !== undefined && end > this.limit) throw new MalformedMessage("message too long");
    return end;
  }
}

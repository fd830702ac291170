import { BerElement, MalformedAnswer } from "./berElement.ts";

/** Tags of the operations that a server sends (RFC 4511 §4.2 to §4.13). */
const TAG = {
  bindResponse: 0x61,
  searchResultEntry: 0x64,
  searchResultDone: 0x65,
  modifyResponse: 0x67,
  searchResultReference: 0x73,
  extendedResponse: 0x78,
} as const;
const RESULTS: ReadonlySet<number> = new Set([
  TAG.bindResponse,
  TAG.searchResultDone,
  TAG.modifyResponse,
  TAG.extendedResponse,
]);
const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const OCTETS = 0x04;
const ENUMERATED = 0x0a;
/** Far above the answers to any question of the agent. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Reads what a directory answers before the client library does, as strictly as RFC 4511 puts it.
 * The library takes a result whose code is missing for a success, any kind of result for the one
 * that it waits for, and of an attribute that comes twice only the last; an element that is longer
 * than what holds it keeps it in a loop until memory runs out.
 */
export class AnswerCheck {
  private held: Buffer[] = [];
  private size = 0;
  private needed = 2;
  private malformed = false;
  private last: number | undefined;

  /** Whether the last result was that of a modify. */
  get isModifyAnswered(): boolean {
    return !this.malformed && this.last === TAG.modifyResponse;
  }

  /**
   * Takes the next bytes of the connection, however they were cut.
   * @returns false from the first byte on that belongs to no answer: nothing counts any more
   */
  take(chunk: Buffer): boolean {
    if (this.malformed) return false;
    this.held.push(chunk);
    this.size += chunk.length;
    if (this.size < this.needed) return true;
    try {
      this.readMessages(Buffer.concat(this.held));
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error;
      this.malformed = true;
      this.held = [];
    }
    return !this.malformed;
  }

  private readMessages(bytes: Buffer): void {
    let at = 0;
    for (;;) {
      const message = BerElement.at(bytes, at, SEQUENCE);
      const end = message?.end ?? at + 2;
      if (end - at > MOST_BYTES) throw new MalformedAnswer();
      if (!message || end > bytes.length) {
        this.needed = Math.max(end - at, bytes.length - at + 1);
        break;
      }
      this.read(message);
      at = end;
    }
    const rest = bytes.subarray(at);
    this.held = [rest];
    this.size = rest.length;
  }

  private read(message: BerElement): void {
    const [id, operation, ...controls] = message.children();
    if (id?.tag !== INTEGER || id.length < 1 || id.length > 4 || !operation || controls.length > 1)
      throw new MalformedAnswer();
    for (const control of controls.flatMap((list) => list.children())) control.children();
    if (RESULTS.has(operation.tag)) this.readResult(operation);
    else if (operation.tag === TAG.searchResultEntry) readEntry(operation);
    else if (operation.tag === TAG.searchResultReference) readTexts(operation);
    else throw new MalformedAnswer();
  }

  private readResult(operation: BerElement): void {
    const [code, matched, diagnostic] = operation.children();
    if (code?.tag !== ENUMERATED || code.length < 1 || code.length > 4) throw new MalformedAnswer();
    if (matched?.tag !== OCTETS || diagnostic?.tag !== OCTETS) throw new MalformedAnswer();
    this.last = operation.tag;
  }
}

function readEntry(operation: BerElement): void {
  const [name, attributes, ...more] = operation.children();
  if (name?.tag !== OCTETS || attributes?.tag !== SEQUENCE || more.length > 0)
    throw new MalformedAnswer();
  const seen = new Set<string>();
  for (const attribute of attributes.children()) {
    const [type, values, ...others] = attribute.tag === SEQUENCE ? attribute.children() : [];
    if (type?.tag !== OCTETS || values?.tag !== SET || others.length > 0)
      throw new MalformedAnswer();
    readTexts(values);
    seen.add(type.text().toLowerCase());
  }
  if (seen.size < attributes.children().length) throw new MalformedAnswer();
}

function readTexts(holder: BerElement): void {
  if (holder.children().some(({ tag }) => tag !== OCTETS)) throw new MalformedAnswer();
}

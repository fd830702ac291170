import { TAG } from "./berReader.ts";
import { BerWriter } from "./berWriter.ts";
import type { Control } from "./controls.ts";
import type { Operation } from "./request.ts";

/** Outcome of an operation (RFC 4511 §4.1.9). */
export interface Result {
  readonly code: number;
  readonly matchedDn?: string;
  readonly diagnostic?: string;
  readonly referrals?: readonly string[];
  readonly controls?: readonly Control[];
}

export const SUCCESS: Result = { code: 0 };

/** An entry as a search returns it; values share memory with the store and are never changed. */
export interface FoundEntry {
  readonly dn: string;
  readonly attributes: readonly (readonly [name: string, values: readonly Buffer[]])[];
}

const RESULT_TAGS: Readonly<Partial<Record<Operation["kind"], number>>> = {
  bind: 0x61,
  search: 0x65,
  modify: 0x67,
  add: 0x69,
  delete: 0x6b,
  rename: 0x6d,
  compare: 0x6f,
  extended: 0x78,
};
const NOTICE_OF_DISCONNECTION = "1.3.6.1.4.1.1466.20036";

function writeResultBody(writer: BerWriter, result: Result): void {
  writer.integer(result.code, TAG.enumerated);
  writer.text(result.matchedDn ?? "");
  writer.text(result.diagnostic ?? "");
  if (!result.referrals) return;
  const referrals = writer.open(0xa3);
  for (const uri of result.referrals) writer.text(uri);
  writer.close(referrals);
}

function writeControls(writer: BerWriter, controls: readonly Control[] | undefined): void {
  if (!controls?.length) return;
  const list = writer.open(0xa0);
  for (const { oid, critical, value } of controls) {
    const control = writer.open(TAG.sequence);
    writer.text(oid);
    if (critical) writer.boolean(true);
    if (value) writer.octets(value);
    writer.close(control);
  }
  writer.close(list);
}

/** Collects the messages that answer one request, to be sent in one piece. */
export class Answer {
  private readonly writer = new BerWriter();
  private readonly id: number;

  constructor(id: number) {
    this.id = id;
  }

  private message(write: (writer: BerWriter) => void): this {
    const message = this.writer.open(TAG.sequence);
    this.writer.integer(this.id);
    write(this.writer);
    this.writer.close(message);
    return this;
  }

  entry(entry: FoundEntry): this {
    return this.message((writer) => {
      const found = writer.open(0x64);
      writer.text(entry.dn);
      const list = writer.open(TAG.sequence);
      for (const [name, values] of entry.attributes) {
        const attribute = writer.open(TAG.sequence);
        writer.text(name);
        const set = writer.open(TAG.set);
        for (const value of values) writer.octets(value);
        writer.close(set);
        writer.close(attribute);
      }
      writer.close(list);
      writer.close(found);
    });
  }

  reference(uri: string): this {
    return this.message((writer) => {
      const reference = writer.open(0x73);
      writer.text(uri);
      writer.close(reference);
    });
  }

  /** The last message; operations without an answer (unbind, abandon) have none. */
  result(kind: Operation["kind"], result: Result): this {
    const tag = RESULT_TAGS[kind];
    if (tag === undefined) return this;
    return this.message((writer) => {
      const body = writer.open(tag);
      writeResultBody(writer, result);
      writer.close(body);
      writeControls(writer, result.controls);
    });
  }

  finish(): Buffer {
    return this.writer.finish();
  }

  /** Unsolicited notification that ends a connection (RFC 4511 §4.4.1). */
  static noticeOfDisconnection(result: Result): Buffer {
    const answer = new Answer(0).message((writer) => {
      const body = writer.open(0x78);
      writeResultBody(writer, result);
      writer.text(NOTICE_OF_DISCONNECTION, 0x8a);
      writer.close(body);
    });
    return answer.finish();
  }
}

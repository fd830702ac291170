import type { Entry } from "ldapts";
import { BerReader, TAG } from "../../../local/directory/wire/berReader.ts";
import { Frames } from "../../../local/directory/wire/frames.ts";
import { MalformedMessage } from "../../../local/directory/wire/malformedMessage.ts";

/** What bytes say to a reader that forgives nothing. */
export interface Said {
  readonly entries: readonly Entry[];
  /** The result of the operation, where there is one. */
  readonly result: { readonly tag: number; readonly code: number } | undefined;
}

const ENTRY = 0x64;
const REFERENCE = 0x73;
const RESULT_TAGS = [0x61, 0x65, 0x67, 0x78];
const BINARY = /^(?:objectguid|objectsid|tokengroups)(?:;|$)/i;

/** Reads the messages in answer to one request; undefined where one of them is none. */
export function strictly(bytes: Buffer, id: number): Said | undefined {
  const entries: Entry[] = [];
  let result: Said["result"];
  try {
    for (const frame of new Frames().push(bytes)) {
      const message = new BerReader(frame).enter(TAG.sequence);
      const isMine = message.integer() === id;
      const tag = message.tag ?? 0;
      const operation = message.enter(tag);
      const entry = tag === ENTRY ? readEntry(operation) : undefined;
      if (entry && isMine && !result) entries.push(entry);
      if (![ENTRY, REFERENCE, ...RESULT_TAGS].includes(tag)) return undefined;
      if (RESULT_TAGS.includes(tag)) {
        const code = operation.integer(TAG.enumerated);
        operation.octets();
        operation.octets();
        if (isMine) result ??= { tag, code };
      }
    }
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
  return { entries, result };
}

function decoded(name: string, bytes: Buffer): string | Buffer {
  const text = bytes.toString("utf8");
  return BINARY.test(name) || !Buffer.from(text).equals(bytes) ? Buffer.from(bytes) : text;
}

/** Attributes that come twice keep both values. */
function readEntry(operation: BerReader): Entry {
  operation.octets();
  const entry: Entry = Object.create(null) as Entry;
  const list = operation.enter(TAG.sequence);
  while (!list.done) {
    const attribute = list.enter(TAG.sequence);
    const name = attribute.text();
    const set = attribute.enter(TAG.set);
    const values: (string | Buffer)[] = [];
    while (!set.done) values.push(decoded(name, set.octets()));
    const before = Object.hasOwn(entry, name) ? entry[name] : [];
    const all = [...(Array.isArray(before) ? before : []), ...values];
    Object.defineProperty(entry, name, { value: all, enumerable: true, configurable: true });
  }
  return entry;
}

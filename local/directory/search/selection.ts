import { attributeKey, attributeType } from "../schema/attributes.ts";
import type { Entry } from "../store/entry.ts";
import type { FoundEntry } from "../wire/response.ts";
import { LINKS_AND_NAMES, type Reading, read } from "./reading.ts";

const ALL = "*";
const NONE = "1.1";

/** Which attributes a search returns. */
export interface Selection {
  /** Every attribute that is kept, except replication metadata. */
  readonly all: boolean;
  readonly keys: ReadonlySet<string>;
  readonly typesOnly: boolean;
}

export function selectionOf(requested: readonly string[], typesOnly: boolean): Selection {
  const keys = new Set(requested.map(attributeKey));
  const all = requested.length === 0 || keys.delete(ALL);
  keys.delete(NONE);
  return { all, keys, typesOnly };
}

/** The selected attributes of an entry that have values, in the spelling of the schema. */
export function select(entry: Entry, selection: Selection, reading: Reading): FoundEntry {
  const keys = selection.all
    ? new Set([...entry.attributes.keys(), ...LINKS_AND_NAMES, ...selection.keys])
    : selection.keys;
  const attributes: [string, readonly Buffer[]][] = [];
  for (const key of keys) {
    const name = attributeType(key)?.name;
    if (name === undefined) continue;
    const values = read(entry, key, reading);
    if (values.length > 0) attributes.push([name, selection.typesOnly ? [] : values]);
  }
  return { dn: entry.dn, attributes };
}

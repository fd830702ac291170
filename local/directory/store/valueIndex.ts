import { attributeType } from "../schema/attributes.ts";
import { comparisonKey } from "../schema/comparison.ts";
import type { Entry } from "./entry.ts";

/** Attributes that a search finds without a scan. */
const INDEXED = ["objectsid", "userprincipalname", "samaccountname", "ms-ds-consistencyguid"];

const NONE: ReadonlySet<Entry> = new Set();

/** Which entries hold a value, for the attributes that are looked up by value. */
export class ValueIndex {
  private readonly byAttribute = new Map(
    INDEXED.map((attribute) => [attribute, new Map<string, Set<Entry>>()]),
  );

  /** Entries that hold the value; undefined if the attribute is not indexed. */
  find(attribute: string, value: Buffer): ReadonlySet<Entry> | undefined {
    const values = this.byAttribute.get(attribute);
    const type = attributeType(attribute);
    if (!values || !type) return undefined;
    const key = comparisonKey(type.syntax, value);
    return (key === undefined ? undefined : values.get(key)) ?? NONE;
  }

  add(entry: Entry, attribute: string): void {
    this.each(entry, attribute, (values, key) => {
      const holders = values.get(key);
      if (holders) holders.add(entry);
      else values.set(key, new Set([entry]));
    });
  }

  /** To be called before the values are taken away. */
  remove(entry: Entry, attribute: string): void {
    this.each(entry, attribute, (values, key) => {
      const holders = values.get(key);
      holders?.delete(entry);
      if (holders?.size === 0) values.delete(key);
    });
  }

  addAll(entry: Entry): void {
    for (const attribute of INDEXED) this.add(entry, attribute);
  }

  removeAll(entry: Entry): void {
    for (const attribute of INDEXED) this.remove(entry, attribute);
  }

  private each(
    entry: Entry,
    attribute: string,
    visit: (values: Map<string, Set<Entry>>, key: string) => void,
  ): void {
    const values = this.byAttribute.get(attribute);
    const type = attributeType(attribute);
    if (!values || !type) return;
    for (const value of entry.attributes.get(attribute) ?? []) {
      const key = comparisonKey(type.syntax, value);
      if (key !== undefined) visit(values, key);
    }
  }
}

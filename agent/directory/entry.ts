import type { Entry } from "ldapts";

/*
 * The client library gives a missing attribute as an empty array, a single value bare, and a binary
 * one as text where it happens to be UTF-8. These readers know: absent is undefined.
 */

const valuesOf = (entry: Entry, attribute: string): readonly (string | Buffer)[] => {
  const name = Object.keys(entry).find((key) => key.toLowerCase() === attribute.toLowerCase());
  const value = name === undefined ? undefined : entry[name];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

/** All values as text; undefined where the attribute is absent or may not be read. */
export function texts(entry: Entry, attribute: string): readonly string[] | undefined {
  const values = valuesOf(entry, attribute);
  return values.length === 0 ? undefined : values.map((value) => value.toString());
}

export const text = (entry: Entry, attribute: string): string | undefined =>
  texts(entry, attribute)?.[0];

/** First value as bytes; list the attribute in `explicitBufferAttributes`, or bytes are lost. */
export function bytes(entry: Entry, attribute: string): Buffer | undefined {
  const value = valuesOf(entry, attribute)[0];
  return typeof value === "string" ? Buffer.from(value, "utf8") : value;
}

/** A whole number: FILETIMEs do not fit a `number`. */
export function integer(entry: Entry, attribute: string): bigint | undefined {
  const value = text(entry, attribute);
  return value !== undefined && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

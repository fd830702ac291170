import type { Entry } from "ldapts";

/*
 * The client library gives a missing attribute as an empty array, a single value bare, and a binary
 * one as text where it happens to be UTF-8. These readers know: absent is undefined.
 */

/** Under whatever letter case the name came, and however often. */
const valuesOf = (entry: Entry, attribute: string): readonly (string | Buffer)[] =>
  Object.keys(entry)
    .filter((key) => key.toLowerCase() === attribute.toLowerCase())
    .flatMap((key) => {
      const value = entry[key] ?? [];
      return Array.isArray(value) ? value : [value];
    });

/** Whether a part of the values came under an option (`;range=0-1499`): the rest may be missing. */
const isPartial = (entry: Entry, attribute: string): boolean =>
  Object.entries(entry).some(([key, value]) => {
    const [name, option] = key.toLowerCase().split(";");
    return option !== undefined && name === attribute.toLowerCase() && [value].flat().length > 0;
  });

/** All values as text; undefined where the attribute is absent or may not be read. */
export function texts(entry: Entry, attribute: string): readonly string[] | undefined {
  const values = valuesOf(entry, attribute);
  return values.length === 0 ? undefined : values.map((value) => value.toString());
}

export const text = (entry: Entry, attribute: string): string | undefined =>
  texts(entry, attribute)?.[0];

/**
 * The value of an attribute that has one: of several, nobody could say which one counts. List the
 * attribute in `explicitBufferAttributes`, or bytes are lost.
 */
export function bytes(entry: Entry, attribute: string): Buffer | undefined {
  const [value, ...more] = valuesOf(entry, attribute);
  if (more.length > 0 || isPartial(entry, attribute)) return undefined;
  return typeof value === "string" ? Buffer.from(value, "utf8") : value;
}

/** A whole number, as the one value of its attribute: FILETIMEs do not fit a `number`. */
export function integer(entry: Entry, attribute: string): bigint | undefined {
  const [value, ...more] = texts(entry, attribute) ?? [];
  if (more.length > 0 || isPartial(entry, attribute)) return undefined;
  return value !== undefined && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

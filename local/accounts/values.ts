import type { Entry } from "ldapts";

/** All values of an attribute as text; none if it is absent. */
export function textsOf(entry: Entry, attribute: string): string[] {
  const value = entry[attribute];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** The value of an attribute as text; empty if it is absent. */
export const textOf = (entry: Entry, attribute: string): string =>
  textsOf(entry, attribute)[0] ?? "";

/** The value of an attribute as bytes. It must be named in `explicitBufferAttributes`. */
export function bytesOf(entry: Entry, attribute: string): Buffer {
  const value = entry[attribute];
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

import type { Entry } from "ldapts";
import { sidText } from "../identifiers.ts";

/** An attribute that decides cannot be read as what it must be. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** Attributes whose mere presence decides, and of which a server may send only a part. */
const MAY_BE_PARTIAL: ReadonlySet<string> = new Set([
  "serviceprincipalname",
  "msds-allowedtodelegateto",
]);
const MOST_SUB_AUTHORITIES = 15;
const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/;
const LONGEST_TEXT = 8_192;

/**
 * All values of an attribute, under whatever spelling and option (`;range=0-1499`) they came.
 * @throws Unreadable where only a part of the values came and all are needed
 */
export function valuesOf(entry: Entry, attribute: string): (string | Buffer)[] {
  const wanted = attribute.toLowerCase();
  const found: (string | Buffer)[] = [];
  for (const [key, value] of Object.entries(entry)) {
    const [name, ...options] = key.toLowerCase().split(";");
    if (name !== wanted) continue;
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (values.length > 0 && options.length > 0 && !MAY_BE_PARTIAL.has(wanted))
      throw new Unreadable();
    for (const each of values) {
      if (typeof each !== "string" && !Buffer.isBuffer(each)) throw new Unreadable();
      found.push(each);
    }
  }
  return found;
}

/** `S-1-…` of a binary SID (MS-DTYP 2.4.2.2). @throws Unreadable */
export function sidOf(value: string | Buffer): string {
  if (typeof value === "string") throw new Unreadable();
  const count = value[1] ?? 0;
  const text = count > 0 && count <= MOST_SUB_AUTHORITIES ? sidText(value) : undefined;
  if (text === undefined) throw new Unreadable();
  return text;
}

/** @throws Unreadable for bytes that are no UTF-8, nothing, or far too much */
export function textOf(value: string | Buffer): string {
  if (typeof value !== "string" || value === "" || value.length > LONGEST_TEXT)
    throw new Unreadable();
  return value;
}

/** A whole number of 64 bits. @throws Unreadable */
export function numberOf(value: string | Buffer): bigint {
  const text = textOf(value);
  const number = INTEGER.test(text) ? BigInt(text) : undefined;
  if (number === undefined || BigInt.asIntN(64, number) !== number) throw new Unreadable();
  return number;
}

/** @throws Unreadable */
export function booleanOf(value: string | Buffer): boolean {
  const text = textOf(value);
  if (text !== "TRUE" && text !== "FALSE") throw new Unreadable();
  return text === "TRUE";
}

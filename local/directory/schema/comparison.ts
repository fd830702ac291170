import { dnKey, InvalidName, parseDn } from "../names/distinguishedName.ts";
import { parseSid } from "../names/sid.ts";
import type { Syntax } from "./attributes.ts";

const INTEGER = /^-?\d{1,19}$/;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** A decimal number of at most 64 bits; undefined if the bytes are anything else. */
export function parseInteger(value: Buffer): bigint | undefined {
  const text = value.toString("latin1");
  if (!INTEGER.test(text)) return undefined;
  const number = BigInt(text);
  return number >= MIN_INT64 && number <= MAX_INT64 ? number : undefined;
}

/**
 * Text that is the same for all values that an attribute of this syntax holds to be equal;
 * undefined if the value does not fit the syntax. Octet strings compare by byte. A SID may come
 * as `S-1-…` text, as in Windows; a GUID only as its 16 bytes.
 */
export function comparisonKey(syntax: Syntax, value: Buffer): string | undefined {
  switch (syntax) {
    case "octets":
      return value.toString("latin1");
    case "sid":
      return (parseSid(value.toString("latin1")) ?? value).toString("latin1");
    case "integer":
      return parseInteger(value)?.toString();
    case "dn":
      try {
        return dnKey(parseDn(value.toString("utf8")));
      } catch (error) {
        if (error instanceof InvalidName) return undefined;
        throw error;
      }
    case "boolean": {
      const text = value.toString("latin1").toUpperCase();
      return text === "TRUE" || text === "FALSE" ? text : undefined;
    }
    default:
      return value.toString("utf8").trim().toLowerCase();
  }
}

/** Negative, zero or positive, as a sort compares; undefined if either does not fit. */
export function compareValues(syntax: Syntax, left: Buffer, right: Buffer): number | undefined {
  if (syntax === "integer") {
    const [a, b] = [parseInteger(left), parseInteger(right)];
    if (a === undefined || b === undefined) return undefined;
    return a < b ? -1 : Number(a > b);
  }
  if (syntax === "octets" || syntax === "sid") return left.compare(right);
  const [a, b] = [comparisonKey(syntax, left), comparisonKey(syntax, right)];
  if (a === undefined || b === undefined) return undefined;
  return a < b ? -1 : Number(a > b);
}

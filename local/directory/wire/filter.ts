import { type BerReader, TAG } from "./berReader.ts";
import { MalformedMessage } from "./malformedMessage.ts";

/** A search filter (RFC 4511 §4.5.1.7). Attribute names are in lower case. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly filters: readonly Filter[] }
  | { readonly kind: "not"; readonly filter: Filter }
  | {
      readonly kind: "equal" | "atLeast" | "atMost" | "approx";
      readonly attribute: string;
      readonly value: Buffer;
    }
  | { readonly kind: "present"; readonly attribute: string }
  | {
      readonly kind: "substrings";
      readonly attribute: string;
      readonly initial?: string;
      readonly any: readonly string[];
      readonly final?: string;
    }
  | {
      readonly kind: "extensible";
      readonly rule: string;
      readonly attribute: string;
      readonly value: Buffer;
    };

const MAX_DEPTH = 64;
const ASSERTIONS = { 163: "equal", 165: "atLeast", 166: "atMost", 168: "approx" } as const;

/** @throws MalformedMessage also when nested deeper than 64 */
export function readFilter(reader: BerReader, depth = 0): Filter {
  if (depth > MAX_DEPTH) throw new MalformedMessage("filter too deep");
  const tag = reader.tag;
  switch (tag) {
    case 0xa0:
      return { kind: "and", filters: readFilters(reader.enter(tag), depth) };
    case 0xa1:
      return { kind: "or", filters: readFilters(reader.enter(tag), depth) };
    case 0xa2:
      return { kind: "not", filter: readFilter(reader.enter(tag), depth + 1) };
    case 0xa3:
    case 0xa5:
    case 0xa6:
    case 0xa8: {
      const assertion = reader.enter(tag);
      const attribute = assertion.text().toLowerCase();
      return { kind: ASSERTIONS[tag], attribute, value: assertion.octets() };
    }
    case 0xa4:
      return readSubstrings(reader.enter(tag));
    case 0x87:
      return { kind: "present", attribute: reader.text(tag).toLowerCase() };
    case 0xa9:
      return readExtensible(reader.enter(tag));
    default:
      throw new MalformedMessage("unknown filter");
  }
}

function readFilters(reader: BerReader, depth: number): Filter[] {
  const filters: Filter[] = [];
  while (!reader.done) filters.push(readFilter(reader, depth + 1));
  return filters;
}

function readSubstrings(reader: BerReader): Filter {
  const attribute = reader.text().toLowerCase();
  const parts = reader.enter(TAG.sequence);
  let initial: string | undefined;
  let final: string | undefined;
  const any: string[] = [];
  while (!parts.done) {
    if (parts.tag === 0x80 && initial === undefined) initial = parts.text(0x80);
    else if (parts.tag === 0x82 && final === undefined) final = parts.text(0x82);
    else any.push(parts.text(0x81));
  }
  return {
    kind: "substrings",
    attribute,
    any,
    ...(initial === undefined ? {} : { initial }),
    ...(final === undefined ? {} : { final }),
  };
}

function readExtensible(reader: BerReader): Filter {
  const rule = reader.tag === 0x81 ? reader.text(0x81) : "";
  const attribute = reader.tag === 0x82 ? reader.text(0x82).toLowerCase() : "";
  const value = reader.octets(0x83);
  if (reader.tag === 0x84) reader.boolean(0x84);
  return { kind: "extensible", rule, attribute, value };
}

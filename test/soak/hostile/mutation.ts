import fc from "fast-check";
import type { Attributes, Value } from "./healthy.ts";
import { type Name, nameOf } from "./names.ts";
import { domainSid, PROTECTED_GROUPS, sidBytes } from "./sids.ts";

/** One thing that is wrong with an answer, by numbers, so that it shrinks to the simplest one. */
export interface Mutation {
  readonly kind: number;
  readonly attribute: number;
  readonly value: number;
  readonly other: number;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.nat(15),
  attribute: fc.nat(31),
  value: fc.nat(1_023),
  other: fc.nat(255),
});

const HUGE = "x".repeat(9_000);
const LARGE = Buffer.alloc(70_000, 0x41);
/** Texts that readers of numbers, times, booleans and names have stumbled over. */
const TEXTS: readonly string[] = [
  "",
  " ",
  "0",
  "-0",
  "-1",
  "00512",
  " 512",
  "512 ",
  "512\n",
  "0x200",
  "5e2",
  "512.0",
  "+512",
  "NaN",
  "null",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775808",
  "-9223372036854775809",
  "99999999999999999999999999",
  "514",
  "66048",
  "544",
  "262656",
  "524800",
  "2080",
  "4128",
  "67109376",
  "16",
  "805306368",
  "805306369",
  "805306370",
  "268435456",
  "513",
  "512",
  "4294967295",
  "18446744073709551615",
  "TRUE",
  "true",
  "FALSE",
  "false",
  "MSOL_0123456789ab",
  "aad_sync",
  "krbtgt",
  "user",
  "computer",
  "Computer",
  "msDS-GroupManagedServiceAccount",
  "host/dc1",
  "__proto__",
  "constructor",
  "alex\0",
  "\ufeffalex",
  "\u{1f600}",
  "\ud800",
  HUGE,
  "00000101000000.0Z",
  "99991231235959.0Z",
  "16010101000000.0Z",
  "20250230000000Z",
  "20250101000000",
  "19700101000000.0Z",
  "21000101000000.0Z",
  "1.2.840.113556.1.4.2066",
  "Samba Team (https://www.samba.org)",
  "dc1.corp.example\r\nX-Injected: 1",
  "CN=Strict,CN=Password Settings Container,CN=System,DC=corp,DC=example",
];
const BYTES: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from([1]),
  Buffer.from([1, 0]),
  Buffer.from([1, 0, 0, 0, 0, 0, 0, 5]),
  Buffer.from([2, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]),
  Buffer.from([1, 255, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]),
  sidBytes(5, ...Array.from({ length: 16 }, (_, at) => at)),
  sidBytes(5, 18),
  sidBytes(0xffff_ffff_ffff, 1),
  domainSid(500),
  domainSid(502),
  domainSid(513),
  domainSid(1_234),
  domainSid(1_105),
  domainSid(1_234).subarray(0, 20),
  Buffer.concat([domainSid(1_234), Buffer.from([0])]),
  sidBytes(5, 21, 1, 2, 3, 512),
  sidBytes(5, 21, 1, 2, 3, 1_234),
  // A security descriptor whose parts point outside of it.
  Buffer.from("010004900000ffffffff0000ffffffff14000000", "hex"),
  Buffer.from([0xff, 0xfe, 0x80]),
  Buffer.alloc(16),
  Buffer.alloc(17, 0xfe),
  Buffer.from("512"),
  LARGE,
  ...PROTECTED_GROUPS,
];
const OPTIONS = [";range=0-1499", ";range=0-*", ";binary", ";lang-de", ";"];
const STRANGE_NAMES = ["__proto__", "dn", "toString", "controls", "objectGUID ", "2.5.4.0"];

const swapType = (value: Value): Value =>
  typeof value === "string" ? Buffer.from(value) : value.toString("latin1");

/** Applies one mutation; names that it makes are told to `named`. */
export function mutate(
  attributes: Attributes,
  { kind, attribute, value, other }: Mutation,
  named: (name: Name) => void,
): void {
  const place = attributes[attribute % attributes.length];
  if (!place) return;
  const [name, held] = place;
  const junk: Value =
    other % 2 === 0
      ? (TEXTS[value % TEXTS.length] ?? "")
      : (BYTES[value % BYTES.length] ?? Buffer.alloc(0));
  const text = TEXTS[value % TEXTS.length] ?? "";
  const bytes = BYTES[value % BYTES.length] ?? Buffer.alloc(0);
  switch (kind) {
    case 0:
      attributes.splice(attribute % attributes.length, 1);
      return;
    case 1:
      place[1] = [];
      return;
    case 2:
      place[1] = [...held, ...held];
      return;
    case 3:
      place[1] = [...held, junk];
      return;
    case 4:
      place[1] = [junk, ...held];
      return;
    case 5:
      place[1] = held.map(swapType);
      return;
    case 6:
      place[1] = [text];
      return;
    case 7:
      place[1] = [bytes];
      return;
    case 8:
      place[1] = Array.from({ length: other % 5 === 0 ? 10_001 : 40 }, () => held[0] ?? junk);
      return;
    case 9:
      place[0] = other % 2 === 0 ? name.toUpperCase() : name.toLowerCase();
      return;
    case 10:
      place[0] = `${name}${OPTIONS[other % OPTIONS.length]}`;
      if (held.length === 0) place[1] = [junk];
      return;
    case 11:
      attributes.push([other % 3 === 0 ? name : name.toUpperCase(), [junk]]);
      return;
    case 12:
      attributes.push([STRANGE_NAMES[other % STRANGE_NAMES.length] ?? "", [junk, ...held]]);
      return;
    case 13:
      flip(place, value, other);
      return;
    default: {
      const made = nameOf(kind * 16 + attribute, value, other);
      named(made);
      const holder = attributes.find(([each]) => each === "distinguishedName") ?? place;
      holder[1] = [made.text];
    }
  }
}

/** One bit of the first value, or its end cut off. */
function flip(place: Attributes[number], at: number, bit: number): void {
  const [first, ...rest] = place[1];
  // What a name with another letter says is not known any more.
  if (first === undefined || place[0] === "distinguishedName") return;
  const bytes = Buffer.from(first as Buffer);
  const index = at % Math.max(1, bytes.length);
  const before = bytes[index];
  if (before !== undefined) bytes[index] = before ^ (1 << (bit % 8));
  const result = bit % 9 === 8 ? bytes.subarray(0, index) : bytes;
  const text = result.toString("utf8");
  place[1] = [typeof first === "string" ? text : result, ...rest];
}

import type { Random } from "./random.ts";

/** Texts over which parsers, comparisons, logs and queries have stumbled. */
const TEXTS: readonly string[] = [
  "",
  " ",
  "0",
  "-1",
  "1e400",
  "null",
  "true",
  "__proto__",
  "constructor",
  "toString",
  "\u0000",
  "\r\nX-Injected: 1",
  "\ud800",
  "\ufeff",
  "\u202e",
  "' or '1'='1",
  `"}],"a":"`,
  "../../",
  "%00",
  "none",
  "HS256",
  "ES256",
  "RS256",
  "dir",
  "x".repeat(300),
  "x".repeat(5_000),
];
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  2,
  1.5,
  1e21,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  [[]],
  [null],
  { length: 1 },
  ...TEXTS,
];
const SIGNIFICANT = Buffer.from(`{}[]":,.\\/0-_=+ \u0000\n`, "latin1");

/** The same bytes with one to three things wrong with them. */
export function mutateBytes(random: Random, healthy: Uint8Array): Buffer<ArrayBuffer> {
  let bytes: Buffer<ArrayBuffer> = Buffer.from(healthy);
  for (let left = 1 + random.int(3); left > 0; left -= 1) bytes = damaged(random, bytes);
  return bytes;
}

function damaged(random: Random, bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  const at = random.int(bytes.length);
  const length = 1 + random.int(8);
  switch (random.int(8)) {
    case 0:
      return overwritten(bytes, at, (bytes[at] ?? 0) ^ (1 << random.int(8)));
    case 1:
      return overwritten(bytes, at, random.int(256));
    case 2:
      return overwritten(bytes, at, random.pick([...SIGNIFICANT]));
    case 3:
      return Buffer.from(bytes.subarray(0, at));
    case 4:
      return spliced(bytes, at, length, Buffer.alloc(0));
    case 5:
      return spliced(bytes, at, 0, Buffer.from([random.int(256)]));
    case 6:
      return spliced(bytes, at, 0, bytes.subarray(at, at + length * 4));
    default:
      return spliced(bytes, at, random.oneIn(2) ? length : 0, Buffer.from(random.pick(TEXTS)));
  }
}

/** Of a copy: the healthy bytes may be looked at again. */
function overwritten(bytes: Buffer, at: number, value: number): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[at] = value;
  return copy;
}

const spliced = (bytes: Buffer, at: number, drop: number, put: Buffer): Buffer<ArrayBuffer> =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + drop)]);

/** The same text with one to three things wrong with it. */
export const mutateText = (random: Random, healthy: string): string =>
  mutateBytes(random, Buffer.from(healthy, "utf8")).toString("latin1");

/** The same value with one member somewhere in it missing, doubled, of another type or new. */
export function mutateJson(random: Random, healthy: unknown): unknown {
  if (typeof healthy !== "object" || healthy === null || random.oneIn(12))
    return typeof healthy === "string" && random.oneIn(2)
      ? mutateText(random, healthy)
      : random.pick(VALUES);
  if (Array.isArray(healthy)) return mutatedList(random, healthy);
  const members = Object.entries(healthy);
  const [name, value] = random.pick(members) ?? ["a", 1];
  switch (random.int(5)) {
    case 0:
      return Object.fromEntries(members.filter(([each]) => each !== name));
    case 1:
      return { ...healthy, [random.pick(TEXTS) || "extra"]: random.pick(VALUES) };
    case 2:
      return withPrototype(healthy);
    default:
      return { ...healthy, [name]: mutateJson(random, value) };
  }
}

/** A member of that name, as only a parser of JSON makes it. */
const withPrototype = (healthy: object): unknown => {
  const prototype = JSON.parse('{"__proto__":{"roles":["Operator"]}}') as object;
  for (const [name, value] of Object.entries(healthy))
    Object.defineProperty(prototype, name, { value, enumerable: true });
  return prototype;
};

function mutatedList(random: Random, list: readonly unknown[]): unknown[] {
  const at = random.int(list.length);
  const one = list[at];
  switch (random.int(4)) {
    case 0:
      return list.filter((_, each) => each !== at);
    case 1:
      return [...list, one];
    case 2:
      return Array.from({ length: 40 }, () => one);
    default:
      return list.map((each, where) => (where === at ? mutateJson(random, each) : each));
  }
}

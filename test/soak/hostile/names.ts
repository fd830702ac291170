import { BASE_DN, STAFF_OU } from "../../../local/samples.ts";

/** A distinguished name as a directory might send it, and what it says; undefined: nothing. */
export interface Name {
  readonly text: string;
  /** Components from the object up, each `type=value` in plain text. */
  readonly components: readonly string[] | undefined;
}

/** Below the staff's unit, and left out of the scope of the fuzzed agent. */
export const FROZEN_OU = `OU=Frozen,${STAFF_OU}`;

const VALUES = [
  "Alex",
  "Moreau, Alex",
  'quo"ted',
  "a+b=c",
  "<less;more>",
  "back\\slash",
  "#hash",
  " edges ",
  "Zoë",
  "e\u0301",
  "日本",
  "\u{1f600}",
  "tab\tbed",
  "OU=Frozen",
  "x".repeat(64),
];
const PARENTS: readonly (readonly string[])[] = [
  STAFF_OU.split(","),
  ["OU=Sub", ...STAFF_OU.split(",")],
  FROZEN_OU.split(","),
  ["ou=frozen", ...STAFF_OU.split(",")],
  ["OU=Staff2", ...BASE_DN.split(",")],
  ["OU=Staff", "DC=other", "DC=example"],
  ["OU=Staff", "DC=corp", "DC=example", "DC=evil"],
  BASE_DN.split(","),
  [],
];
const BROKEN = [
  "",
  " ",
  "CN",
  "CN=",
  "=Alex",
  `CN="Alex,${STAFF_OU}`,
  `CN=Alex\\,${STAFF_OU.replaceAll(",", "\\,")}`,
  `CN=Al\\zzex,${STAFF_OU}`,
  `CN=#04024869,${STAFF_OU}`,
  `CN=Alex+SN=Moreau,${STAFF_OU}`,
  `CN=Alex,,${STAFF_OU}`,
  `CN=Alex;${STAFF_OU}`,
  `CN=Alex\0,${STAFF_OU}`,
  `CN=\\ff\\fe,${STAFF_OU}`,
  `CN=\ud800,${STAFF_OU}`,
  `<GUID=00000000000000000000000000000000>`,
  `CN=${"x".repeat(9_000)},${STAFF_OU}`,
  `CN=Alex,${STAFF_OU}\\`,
];

/** How one character may be written where it needs no escape, and where it does (RFC 4514 §2.4). */
function escaped(value: string, seed: number): string {
  let state = seed;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state;
  };
  const characters = [...value];
  return characters
    .map((character, at) => {
      const isEdge = at === 0 || at === characters.length - 1;
      const mustEscape = '"+,;<>\\'.includes(character) || (isEdge && character === " ");
      const isFirstHash = at === 0 && character === "#";
      const hex = [...Buffer.from(character)].map(
        (byte) => `\\${byte.toString(16).padStart(2, "0")}`,
      );
      if (next() % 4 === 0) return hex.join("");
      if (mustEscape || isFirstHash) return `\\${character}`;
      return character === "=" && next() % 2 === 0 ? `\\${character}` : character;
    })
    .join("");
}

const plain = (type: string, value: string): string =>
  `${type}=${value}`.normalize("NFC").toLowerCase();

/** A name by numbers: the same numbers make the same name. */
export function nameOf(kind: number, value: number, parent: number): Name {
  if (kind % 3 === 0) return { text: BROKEN[value % BROKEN.length] ?? "", components: undefined };
  const own = VALUES[value % VALUES.length] ?? "";
  const above = PARENTS[parent % PARENTS.length] ?? [];
  const separator = kind % 7 === 1 ? ", " : ",";
  const shout = (part: string): string => (kind % 5 === 1 ? part.toUpperCase() : part);
  return {
    text: [`CN=${escaped(own, value + parent)}`, ...above.map(shout)].join(separator),
    components: [plain("cn", own), ...above.map((part) => part.toLowerCase())],
  };
}

/** Whether a name lies where the fuzzed agent may work. */
export function isInScope({ components }: Name): boolean {
  const below = (unit: string): boolean => {
    const text = components?.join("\n") ?? "";
    return text.endsWith(`\n${unit.toLowerCase().replaceAll(",", "\n")}`);
  };
  return components !== undefined && below(STAFF_OU) && !below(FROZEN_OU);
}

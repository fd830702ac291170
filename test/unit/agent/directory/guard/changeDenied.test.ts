import fc from "fast-check";
import { changeDenied } from "../../../../../agent/directory/guard/changeDenied.ts";
import { sid } from "./entries.ts";

const CHANGE = "531a72ab2f1ed011981900aa0040529b";
const RESET = "70952900 6d24d011a76800aa006e0529".replace(" ", "");
const USER_CLASS = "ba7a96bfe60dd011a28500aa003049e2";
const [EVERYONE, SELF, OTHER] = ["S-1-1-0", "S-1-5-10", "S-1-5-11"] as const;
const RIGHTS = 0x100;

interface Ace {
  type: number;
  who: string;
  guid?: string;
  inherited?: string;
  flags?: number;
  mask?: number;
}

function ace({ type, who, guid, inherited, flags = 0, mask = RIGHTS }: Ace): Buffer {
  const head = Buffer.from([type, flags, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(mask, 4);
  const isObject = type === 5 || type === 6;
  const present = Buffer.alloc(isObject ? 4 : 0, 0);
  if (isObject) present.writeUInt32LE((guid ? 1 : 0) | (inherited ? 2 : 0));
  const guids = Buffer.from(`${guid ?? ""}${inherited ?? ""}`, "hex");
  const whole = Buffer.concat([head, present, guids, sid(who)]);
  whole.writeUInt16LE(whole.length, 2);
  return whole;
}

function descriptor(...aces: Ace[]): Buffer {
  const body = Buffer.concat(aces.map(ace));
  const head = Buffer.from("0100048000000000000000000000000014000000", "hex");
  const acl = Buffer.from([4, 0, 0, 0, aces.length, 0, 0, 0]);
  acl.writeUInt16LE(acl.length + body.length, 2);
  return Buffer.concat([head, acl, body]);
}

const deny = (who: string, more: Partial<Ace> = {}): Ace => ({
  type: 6,
  who,
  guid: CHANGE,
  ...more,
});
const allow = (who: string): Ace => ({ type: 5, who, guid: CHANGE });
const BOTH = [deny(EVERYONE), deny(SELF)];

test.each<[string, Ace[]]>([
  ["as the tools write it", [...BOTH, allow(EVERYONE), allow(SELF)]],
  ["among others", [deny(OTHER, { guid: RESET }), allow(OTHER), ...BOTH]],
  ["as inherited by users", BOTH.map((each) => ({ ...each, inherited: USER_CLASS, flags: 0x10 }))],
  ["every right of this kind", [EVERYONE, SELF].map((who) => ({ type: 6, who }))],
  ["every right of this kind, plainly", [EVERYONE, SELF].map((who) => ({ type: 1, who }))],
  ["everything", [EVERYONE, SELF].map((who) => ({ type: 1, who, mask: 0x1000_0000 }))],
])("denied: %s", (_, aces) => {
  expect(changeDenied(descriptor(...aces))).toBe(true);
});

test.each<[string, Ace[]]>([
  ["no entries", []],
  ["allowed", [allow(EVERYONE), allow(SELF)]],
  ["allowed first: a denial from above comes too late", [allow(EVERYONE), allow(SELF), ...BOTH]],
  ["Everyone alone", [deny(EVERYONE), allow(SELF)]],
  ["the account alone", [deny(SELF), allow(EVERYONE)]],
  ["somebody else", [deny(OTHER)]],
  ["another right", BOTH.map((each) => ({ ...each, guid: RESET }))],
  ["for what is below alone", BOTH.map((each) => ({ ...each, flags: 0x0a }))],
  ["writing", BOTH.map((each) => ({ ...each, mask: 0x20 }))],
  ["audited", BOTH.map((each) => ({ ...each, type: 7 }))],
])("not denied: %s", (_, aces) => {
  expect(changeDenied(descriptor(...aces))).toBe(false);
});

test("without a list nothing is denied", () => {
  const none = descriptor(...BOTH);
  none.writeUInt32LE(0, 16);
  expect(changeDenied(none)).toBe(false);
  const absent = descriptor(...BOTH);
  absent.writeUInt16LE(0x8000, 2);
  expect(changeDenied(absent)).toBe(false);
});

const WHOLE = descriptor(...BOTH);

test("cut off anywhere it is unknown", () => {
  for (let length = 0; length < WHOLE.length; length += 1)
    expect(changeDenied(WHOLE.subarray(0, length))).toBeUndefined();
});

test.each<[string, number, number]>([
  ["another revision", 0, 2],
  ["not self-relative", 3, 0],
  ["the list inside the header", 16, 19],
  ["the list beyond the end", 17, 0xff],
  ["an unknown revision of the list", 20, 3],
  ["a list longer than the value", 23, 1],
  ["more entries than there are", 24, 3],
  ["an entry of no length", 30, 0],
  ["an entry beyond the list", 31, 1],
  ["an entry too short for its GUIDs", 30, 12],
])("%s is unknown", (_, at, value) => {
  const broken = Buffer.from(WHOLE);
  broken[at] = value;
  expect(changeDenied(broken)).toBeUndefined();
});

test("no bytes make it throw", () => {
  const edits = fc.array(fc.tuple(fc.nat(WHOLE.length - 1), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(edits, fc.uint8Array({ maxLength: 200 }), (changes, random) => {
      const broken = Buffer.from(WHOLE);
      for (const [at, value] of changes) broken[at] = value;
      for (const each of [broken, Buffer.from(random)])
        expect([true, false, undefined]).toContain(changeDenied(each));
    }),
    { numRuns: 3_000 },
  );
});

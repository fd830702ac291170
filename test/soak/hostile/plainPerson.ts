import type { Entry } from "ldapts";
import { isInScope, type Name } from "./names.ts";
import { PROTECTED_GROUPS, sidWords } from "./sids.ts";

/** Every answer that decides whether an account may be written, as the agent got it. */
export interface Read {
  readonly rootDse: Entry | undefined;
  readonly found: readonly Entry[] | undefined;
  readonly guarded: readonly Entry[] | undefined;
  /** What the texts of names that were sent say. */
  readonly names: ReadonlyMap<string, Name>;
  /** Binary SID of the request's target. */
  readonly targetSid: Buffer;
  /** FILETIME of the directory's clock. */
  readonly now: bigint;
}

type Values = readonly unknown[];
const NEVER = 0x7fff_ffff_ffff_ffffn;
const FORBIDDEN_CONTROL =
  0x2 | 0x800 | 0x1000 | 0x2000 | 0x4_0000 | 0x8_0000 | 0x100_0000 | 0x400_0000;
const NOT_PEOPLE = /^(?:computer|msds-(?:groupmanaged|managed|delegatedmanaged)serviceaccount)$/i;
const WHOLE = /^(?:0|-?[1-9]\d{0,18})$/;

/** Values of an attribute under any letter case; undefined where only a part may have come. */
function values(entry: Entry, attribute: string): Values | undefined {
  const all: unknown[] = [];
  for (const key of Object.getOwnPropertyNames(entry)) {
    const [name = "", option] = key.toLowerCase().split(";");
    if (name !== attribute.toLowerCase()) continue;
    const value: unknown = entry[key];
    const list = Array.isArray(value) ? value : [value];
    if (option !== undefined && list.length > 0) return undefined;
    all.push(...list);
  }
  return all;
}

const isAbsent = (entry: Entry, attribute: string): boolean =>
  values(entry, attribute)?.length === 0;

function only(entry: Entry, attribute: string): unknown {
  const all = values(entry, attribute);
  return all?.length === 1 ? all[0] : undefined;
}

function number(entry: Entry, attribute: string): bigint | undefined {
  const text = only(entry, attribute);
  return typeof text === "string" && WHOLE.test(text) ? BigInt(text) : undefined;
}

const guid = (entry: Entry): string | undefined => {
  const value = only(entry, "objectGUID");
  return Buffer.isBuffer(value) && value.length === 16 ? value.toString("hex") : undefined;
};
const sid = (entry: Entry): string | undefined => sidWords(only(entry, "objectSid"));

/**
 * Whether everything that was read says, completely and without a doubt, that this is the request's
 * target and a plain person in scope whom every rule of the table lets through. Written from the
 * table of refusals, without the agent's code.
 */
export function isPlainPerson(read: Read): boolean {
  const [found, ...others] = read.found ?? [];
  const [entry, ...more] = read.guarded ?? [];
  if (!found || !entry || others.length > 0 || more.length > 0 || !read.rootDse) return false;
  const target = read.targetSid.toString("hex");
  return (
    guid(found) !== undefined &&
    guid(found) === guid(entry) &&
    sid(found) === target &&
    sid(entry) === target &&
    isOther(read.rootDse, target) &&
    isUnprotected(entry) &&
    isPerson(entry) &&
    isOrdinary(entry, read)
  );
}

/** `S-1-5-21-` and the three numbers of a domain, and one more. */
const isOfDomain = (words: string): boolean =>
  words.startsWith("010500000000000515000000") && words.length === 56;

/** The agent knows who it is itself, and that this is somebody else. */
function isOther(rootDse: Entry, target: string): boolean {
  const own = (values(rootDse, "tokenGroups") ?? []).map(sidWords);
  return (
    own.length > 0 &&
    !own.includes(undefined) &&
    !own.includes(target) &&
    own.some((each) => each?.startsWith("01") && each.slice(4, 24) === "00000000000515000000")
  );
}

function isUnprotected(entry: Entry): boolean {
  const all = values(entry, "tokenGroups") ?? [];
  const groups = all.map(sidWords);
  const own = sid(entry) ?? "";
  const primary = Buffer.from(own, "hex");
  const primaryRid = isAbsent(entry, "primaryGroupID") ? 513n : number(entry, "primaryGroupID");
  if (primaryRid === undefined || primaryRid < 0n || primaryRid > 0xffff_ffffn) return false;
  primary.writeUInt32LE(Number(primaryRid), primary.length - 4);
  const rid = Buffer.from(own, "hex").readUInt32LE(own.length / 2 - 4);
  const protectedRids = PROTECTED_GROUPS.map((group) => group.toString("hex"));
  const isProtected = (group: string): boolean =>
    protectedRids.some(
      (known) =>
        known === group ||
        // The same kind of group of another domain of the forest.
        (isOfDomain(known) && isOfDomain(group) && known.slice(-8) === group.slice(-8)),
    );
  return (
    groups.length <= 10_000 &&
    !groups.includes(undefined) &&
    groups.includes(primary.toString("hex")) &&
    !groups.some((group) => isProtected(group ?? "")) &&
    (rid < 500 || rid > 504)
  );
}

function isPerson(entry: Entry): boolean {
  const classes = values(entry, "objectClass") ?? [];
  const name = only(entry, "sAMAccountName");
  return (
    classes.length > 0 &&
    classes.every((each) => typeof each === "string" && each.length > 0) &&
    classes.some((each) => String(each).toLowerCase() === "user") &&
    !classes.some((each) => NOT_PEOPLE.test(String(each))) &&
    number(entry, "sAMAccountType") === 0x3000_0000n &&
    typeof name === "string" &&
    name.length > 0 &&
    !/^(?:msol|aad)_/i.test(name)
  );
}

function isOrdinary(entry: Entry, { names, now }: Read): boolean {
  const control = number(entry, "userAccountControl");
  const dn = only(entry, "distinguishedName");
  const name = typeof dn === "string" ? names.get(dn) : undefined;
  const expires = number(entry, "accountExpires") ?? 0n;
  return (
    control !== undefined &&
    (control & BigInt(FORBIDDEN_CONTROL)) === 0n &&
    name !== undefined &&
    isInScope(name) &&
    (isAbsent(entry, "adminCount") || number(entry, "adminCount") === 0n) &&
    (isAbsent(entry, "accountExpires") || number(entry, "accountExpires") !== undefined) &&
    (expires === 0n || expires === NEVER || expires > now) &&
    (isAbsent(entry, "isCriticalSystemObject") ||
      only(entry, "isCriticalSystemObject") === "FALSE") &&
    isAbsent(entry, "msDS-SecondaryKrbTgtNumber") &&
    isAbsent(entry, "servicePrincipalName") &&
    isAbsent(entry, "msDS-AllowedToDelegateTo")
  );
}

import type { Entry } from "ldapts";
import { changeDenied } from "./changeDenied.ts";
import { type NameKey, nameKey } from "./distinguishedName.ts";
import { booleanOf, numberOf, sidOf, textOf, Unreadable, valuesOf } from "./values.ts";

/** Everything that decides whether an account may be touched, as one base search read it. */
export interface GuardSubject {
  readonly sid: string;
  /** Last part of the SID. */
  readonly rid: number;
  /** SIDs of the groups that hold it, direct or nested, its primary group included. */
  readonly groups: ReadonlySet<string>;
  readonly name: NameKey;
  /** Lower case. */
  readonly classes: ReadonlySet<string>;
  readonly accountName: string;
  readonly accountType: bigint;
  /** `userAccountControl` (MS-ADTS 2.2.16). */
  readonly control: bigint;
  readonly adminCount: bigint;
  /** FILETIME; 0 and the largest number mean never (MS-ADTS 3.1.1.8.11). */
  readonly expires: bigint;
  readonly isCritical: boolean;
  readonly isRodcKrbtgt: boolean;
  readonly hasServiceNames: boolean;
  readonly mayDelegate: boolean;
  /** "User cannot change password"; undefined: hidden, or no descriptor that can be read. */
  readonly changeDenied: boolean | undefined;
}

/** Values that are bytes, spelt as the schema spells them: the client compares case. */
export const SUBJECT_BINARY = ["objectGUID", "objectSid", "tokenGroups", "nTSecurityDescriptor"];

export const SUBJECT_ATTRIBUTES = [
  ...SUBJECT_BINARY,
  "distinguishedName",
  "objectClass",
  "primaryGroupID",
  "sAMAccountName",
  "sAMAccountType",
  "userAccountControl",
  "adminCount",
  "accountExpires",
  "isCriticalSystemObject",
  "msDS-SecondaryKrbTgtNumber",
  "servicePrincipalName",
  "msDS-AllowedToDelegateTo",
];

const DOMAIN_USERS = 513n;
const MOST_GROUPS = 10_000;

/**
 * Reads the answer of the base search. Undefined where anything in it that decides is missing,
 * repeated, of the wrong type or broken: nothing is ever allowed on such an answer. An attribute
 * that may be absent counts as absent only if it is; one that is there and broken is unreadable.
 */
export function readSubject(entry: Entry): GuardSubject | undefined {
  try {
    return subjectOf(entry);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function subjectOf(entry: Entry): GuardSubject {
  const sid = sidOf(only(entry, "objectSid"));
  const name = nameKey(textOf(only(entry, "distinguishedName")));
  if (!name) throw new Unreadable();
  return {
    sid,
    rid: Number(sid.slice(sid.lastIndexOf("-") + 1)),
    groups: groupsOf(entry, sid),
    name,
    classes: classesOf(entry),
    accountName: textOf(only(entry, "sAMAccountName")),
    accountType: numberOf(only(entry, "sAMAccountType")),
    control: numberOf(only(entry, "userAccountControl")),
    adminCount: optional(entry, "adminCount", numberOf) ?? 0n,
    expires: optional(entry, "accountExpires", numberOf) ?? 0n,
    isCritical: optional(entry, "isCriticalSystemObject", booleanOf) ?? false,
    isRodcKrbtgt: optional(entry, "msDS-SecondaryKrbTgtNumber", numberOf) !== undefined,
    hasServiceNames: valuesOf(entry, "servicePrincipalName").length > 0,
    mayDelegate: valuesOf(entry, "msDS-AllowedToDelegateTo").length > 0,
    changeDenied: changeDeniedOf(entry),
  };
}

type Value = string | Buffer;

function only(entry: Entry, attribute: string): Value {
  const [value, ...more] = valuesOf(entry, attribute);
  if (value === undefined || more.length > 0) throw new Unreadable();
  return value;
}

const optional = <T>(entry: Entry, attribute: string, read: (value: Value) => T): T | undefined =>
  valuesOf(entry, attribute).length === 0 ? undefined : read(only(entry, attribute));

/** What cannot be read refuses nothing: the directory itself refuses such a change. */
function changeDeniedOf(entry: Entry): boolean | undefined {
  const [descriptor, ...more] = valuesOf(entry, "nTSecurityDescriptor");
  return Buffer.isBuffer(descriptor) && more.length === 0 ? changeDenied(descriptor) : undefined;
}

/** Everybody has a primary group: an answer without it is no list of groups. */
function groupsOf(entry: Entry, sid: string): ReadonlySet<string> {
  const values = valuesOf(entry, "tokenGroups");
  if (values.length > MOST_GROUPS) throw new Unreadable();
  const groups = new Set(values.map(sidOf));
  const primary = optional(entry, "primaryGroupID", numberOf) ?? DOMAIN_USERS;
  const domain = sid.slice(0, sid.lastIndexOf("-"));
  if (!groups.has(`${domain}-${primary}`)) throw new Unreadable();
  return groups;
}

function classesOf(entry: Entry): ReadonlySet<string> {
  const classes = valuesOf(entry, "objectClass").map((value) => textOf(value).toLowerCase());
  if (classes.length === 0) throw new Unreadable();
  return new Set(classes);
}

import type { Entry } from "ldapts";
import { bytes, integer, text } from "./entry.ts";
import { guidText, sidText } from "./identifiers.ts";

/** A user as one search on the writing connection found it. Absent = undefined, never a default. */
export interface Account {
  /** Distinguished name for writes, `<GUID=…>`: it survives renames and moves. */
  readonly dn: string;
  /** Text form of `objectGUID`. */
  readonly guid: string;
  readonly sid: string | undefined;
  /** FILETIME; 0 = must change at next sign-in. */
  readonly pwdLastSet: bigint | undefined;
  /** Grows by one with each password set (MS-ADTS 3.1.1.4.5.16). */
  readonly keyVersion: bigint | undefined;
  /** Whether the account is locked now, by the directory's own reckoning. */
  readonly locked: boolean | undefined;
  readonly accountName: string | undefined;
  readonly displayName: string | undefined;
  /** Distinguished name of the password settings object in force; undefined: the domain's rules. */
  readonly passwordSettings: string | undefined;
  /** Whether length and history do not count for it (UF_PASSWD_NOTREQD). */
  readonly passwordNotRequired: boolean;
}

/** UF_LOCKOUT in `msDS-User-Account-Control-Computed` (MS-ADTS 3.1.1.4.5.17). */
const LOCKED = 0x10n;

/** UF_PASSWD_NOTREQD in `userAccountControl` (MS-ADTS 2.2.16). */
const PASSWORD_NOT_REQUIRED = 0x20n;

/** Values that are bytes, spelt as the schema spells them: the client compares case. */
export const BINARY_ATTRIBUTES = ["objectGUID", "objectSid"];

export const ACCOUNT_ATTRIBUTES = [
  ...BINARY_ATTRIBUTES,
  "pwdLastSet",
  "msDS-KeyVersionNumber",
  "msDS-User-Account-Control-Computed",
  "sAMAccountName",
  "displayName",
  "userAccountControl",
  "msDS-ResultantPSO",
];

/** Undefined where the entry shows no `objectGUID`: such an object cannot be written safely. */
export function readAccount(entry: Entry): Account | undefined {
  const objectGuid = bytes(entry, "objectGUID");
  if (objectGuid?.length !== 16) return undefined;
  const guid = guidText(objectGuid);
  const sid = bytes(entry, "objectSid");
  const computed = integer(entry, "msDS-User-Account-Control-Computed");
  return {
    dn: `<GUID=${guid}>`,
    guid,
    sid: sid && sidText(sid),
    pwdLastSet: integer(entry, "pwdLastSet"),
    keyVersion: integer(entry, "msDS-KeyVersionNumber"),
    locked: computed === undefined ? undefined : (computed & LOCKED) !== 0n,
    accountName: text(entry, "sAMAccountName"),
    displayName: text(entry, "displayName"),
    passwordSettings: text(entry, "msDS-ResultantPSO"),
    passwordNotRequired:
      ((integer(entry, "userAccountControl") ?? 0n) & PASSWORD_NOT_REQUIRED) !== 0n,
  };
}

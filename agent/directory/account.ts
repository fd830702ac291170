import type { Entry } from "ldapts";
import { bytes, integer } from "./entry.ts";
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
}

/** UF_LOCKOUT in `msDS-User-Account-Control-Computed` (MS-ADTS 3.1.1.4.5.17). */
const LOCKED = 0x10n;

/** Values that are bytes, spelt as the schema spells them: the client compares case. */
export const BINARY_ATTRIBUTES = ["objectGUID", "objectSid"];

export const ACCOUNT_ATTRIBUTES = [
  ...BINARY_ATTRIBUTES,
  "pwdLastSet",
  "msDS-KeyVersionNumber",
  "msDS-User-Account-Control-Computed",
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
  };
}

import type { Entry } from "ldapts";
import { accessList } from "../../../../../local/directory/accounts/accessList.ts";
import { parseSid } from "../../../../../local/directory/names/sid.ts";

export const DOMAIN_SID = "S-1-5-21-1111111111-2222222222-3333333333";
export const BASE_DN = "DC=corp,DC=example";
export const OWN_SIDS: ReadonlySet<string> = new Set([`${DOMAIN_SID}-1105`, "S-1-1-0"]);

export const sid = (text: string): Buffer => {
  const raw = parseSid(text);
  if (!raw) throw new Error(text);
  return raw;
};

const ordinaryGroups = [sid(`${DOMAIN_SID}-513`), sid("S-1-5-32-545")];

/** What a directory answers about an ordinary person, with some attributes different. */
export const entryOf = (different: Readonly<Record<string, unknown>> = {}): Entry =>
  ({
    dn: `CN=alex,OU=Staff,${BASE_DN}`,
    objectGUID: Buffer.from("00112233445566778899aabbccddeeff", "hex"),
    objectSid: sid(`${DOMAIN_SID}-1201`),
    tokenGroups: ordinaryGroups,
    distinguishedName: `CN=alex,OU=Staff,${BASE_DN}`,
    objectClass: ["top", "person", "organizationalPerson", "user"],
    primaryGroupID: "513",
    sAMAccountName: "alex",
    sAMAccountType: "805306368",
    userAccountControl: "512",
    adminCount: [],
    accountExpires: "9223372036854775807",
    isCriticalSystemObject: [],
    "msDS-SecondaryKrbTgtNumber": [],
    servicePrincipalName: [],
    "msDS-AllowedToDelegateTo": [],
    nTSecurityDescriptor: [],
    ...different,
  }) as Entry;

/** "User cannot change password". */
export const CHANGE_DENIED = { nTSecurityDescriptor: accessList(false) };

/** Groups of an ordinary person and one more. */
export const alsoIn = (group: string) => ({ tokenGroups: [...ordinaryGroups, sid(group)] });

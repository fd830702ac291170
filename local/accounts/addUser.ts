import { Attribute, type Client } from "ldapts";
import type { LocalDirectory } from "../localDirectory.ts";
import { DOMAIN, STAFF_OU } from "../samples.ts";
import { replaceValue } from "./changes.ts";
import { asAdministrator } from "./connect.ts";
import { unicodePwd } from "./passwordChanges.ts";
import { readUserWith } from "./readUser.ts";

/** Bits of `userAccountControl` (MS-ADTS §2.2.16). */
const NORMAL_ACCOUNT = 0x200;
const ACCOUNT_DISABLED = 0x2;
const PASSWORD_NEVER_EXPIRES = 0x1_0000;

export interface NewUser {
  /** `sAMAccountName`, common name, and the part of the UPN before the `@`. */
  readonly name: string;
  readonly password: string;
  /** Distinguished name of its parent; the staff's organisational unit unless named. */
  readonly ou?: string;
  readonly givenName?: string;
  readonly surname?: string;
  /** 16 bytes of `mS-DS-ConsistencyGuid` in Base64. */
  readonly sourceAnchor?: string;
  readonly disabled?: boolean;
  readonly mustChange?: boolean;
  readonly neverExpires?: boolean;
}

/** Who an account is, in the words that the rest of the system uses. */
export interface UserFacts {
  readonly name: string;
  readonly userPrincipalName: string;
  readonly dn: string;
  readonly objectGuid: Buffer;
  readonly sid: string;
  /** Base64; empty if it was given none. */
  readonly sourceAnchor: string;
}

function attributesOf(user: NewUser, userPrincipalName: string): Attribute[] {
  const control =
    NORMAL_ACCOUNT |
    (user.disabled ? ACCOUNT_DISABLED : 0) |
    (user.neverExpires ? PASSWORD_NEVER_EXPIRES : 0);
  const displayName = [user.givenName, user.surname].filter(Boolean).join(" ");
  const texts: Readonly<Record<string, string | undefined>> = {
    sAMAccountName: user.name,
    userPrincipalName,
    givenName: user.givenName,
    sn: user.surname,
    displayName: displayName || undefined,
    userAccountControl: String(control),
  };
  const attributes = [
    new Attribute({
      type: "objectClass",
      values: ["top", "person", "organizationalPerson", "user"],
    }),
    new Attribute({ type: "unicodePwd", values: [unicodePwd(user.password)] }),
  ];
  for (const [type, text] of Object.entries(texts)) {
    if (text) attributes.push(new Attribute({ type, values: [text] }));
  }
  if (user.sourceAnchor) {
    const values = [Buffer.from(user.sourceAnchor, "base64")];
    attributes.push(new Attribute({ type: "mS-DS-ConsistencyGuid", values }));
  }
  return attributes;
}

/** Creates an account with its password, on a connection of the administrator. */
export async function addUserWith(
  client: Client,
  baseDn: string,
  user: NewUser,
): Promise<UserFacts> {
  const dn = `CN=${user.name},${user.ou ?? STAFF_OU}`;
  const userPrincipalName = `${user.name}@${DOMAIN}`;
  await client.add(dn, attributesOf(user, userPrincipalName));
  if (user.mustChange) await client.modify(dn, replaceValue("pwdLastSet", "0"));
  const { objectGuid, sid, sourceAnchor } = await readUserWith(client, baseDn, user.name);
  return { name: user.name, userPrincipalName, dn, objectGuid, sid, sourceAnchor };
}

/** {@link addUserWith} on a connection of its own. */
export const addUser = (directory: LocalDirectory, user: NewUser): Promise<UserFacts> =>
  asAdministrator(directory, (client) => addUserWith(client, directory.baseDn, user));

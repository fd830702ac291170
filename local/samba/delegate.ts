import { Attribute, type BerWriter, Change, type Client, Control, EqualityFilter } from "ldapts";
import { replaceValue } from "../accounts/changes.ts";
import type { DelegatedRight } from "../localDirectory.ts";
import {
  withDelegatedRights,
  withoutChange,
  withoutInheritance,
  withoutUnexpire,
  withReading,
} from "./securityDescriptor.ts";

/** LDAP_SERVER_SD_FLAGS_OID (MS-ADTS §3.1.1.3.4.1.11) asking for the access control list alone. */
class AccessControlListOnly extends Control {
  constructor() {
    super("1.2.840.113556.1.4.801", { critical: true });
  }

  protected override writeControl(writer: BerWriter): void {
    writer.writeBuffer(Buffer.from([0x30, 3, 2, 1, 4]), 0x04);
  }
}

async function readBytes(
  client: Client,
  base: string,
  filter: EqualityFilter | string,
  attribute: string,
): Promise<Buffer> {
  const { searchEntries } = await client.search(
    base,
    {
      scope: typeof filter === "string" ? "base" : "sub",
      filter,
      attributes: [attribute],
      explicitBufferAttributes: [attribute],
    },
    typeof filter === "string" ? new AccessControlListOnly() : undefined,
  );
  const value = searchEntries.length === 1 ? searchEntries[0]?.[attribute] : undefined;
  if (!Buffer.isBuffer(value)) throw new Error(`No ${attribute} to be read below ${base}`);
  return value;
}

/**
 * Gives an account rights on the users below an organisational unit by adding entries to its access
 * control list, as an administrator would; Samba applies them at once.
 *
 * @param client bound as an administrator
 */
export const delegate = (
  client: Client,
  baseDn: string,
  account: string,
  ou: string,
  rights: readonly DelegatedRight[],
): Promise<void> =>
  rewrite(client, baseDn, account, ou, (descriptor, sid) =>
    withDelegatedRights(descriptor, sid, rights),
  );

/**
 * Lets an account read the objects below a container.
 *
 * @param client bound as an administrator
 */
export const letRead = (
  client: Client,
  baseDn: string,
  account: string,
  container: string,
): Promise<void> => rewrite(client, baseDn, account, container, withReading);

/** Denies everybody to change a user's password, the user included. */
export async function forbidChange(client: Client, user: string): Promise<void> {
  await replaceDescriptor(client, user, withoutChange(await readDescriptor(client, user)));
}

/** Takes Unexpire Password away from all but those who may do everything to the domain's head. */
export async function withholdUnexpire(client: Client, baseDn: string): Promise<void> {
  await replaceDescriptor(client, baseDn, withoutUnexpire(await readDescriptor(client, baseDn)));
}

/** Gives a user the rights of AdminSDHolder and the mark that goes with them. */
export async function protect(client: Client, baseDn: string, user: string): Promise<void> {
  const holder = await readDescriptor(client, `CN=AdminSDHolder,CN=System,${baseDn}`);
  await replaceDescriptor(client, user, withoutInheritance(holder));
  await client.modify(user, replaceValue("adminCount", "1"));
}

async function rewrite(
  client: Client,
  baseDn: string,
  account: string,
  dn: string,
  change: (descriptor: Buffer, sid: Buffer) => Buffer,
): Promise<void> {
  const name = new EqualityFilter({ attribute: "sAMAccountName", value: account });
  const sid = await readBytes(client, baseDn, name, "objectSid");
  await replaceDescriptor(client, dn, change(await readDescriptor(client, dn), sid));
}

const readDescriptor = (client: Client, dn: string): Promise<Buffer> =>
  readBytes(client, dn, "(objectClass=*)", "nTSecurityDescriptor");

async function replaceDescriptor(client: Client, dn: string, descriptor: Buffer): Promise<void> {
  const modification = new Attribute({ type: "nTSecurityDescriptor", values: [descriptor] });
  const replace = new Change({ operation: "replace", modification });
  await client.modify(dn, replace, new AccessControlListOnly());
}

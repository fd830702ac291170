import { Attribute, type Client } from "ldapts";
import { addValue } from "./changes.ts";

/** Adds a global security group with these members (distinguished names); its name is returned. */
export async function addGroupWith(
  client: Client,
  name: string,
  ou: string,
  members: readonly string[] = [],
): Promise<string> {
  const dn = `CN=${name},${ou}`;
  await client.add(dn, [
    new Attribute({ type: "objectClass", values: ["top", "group"] }),
    new Attribute({ type: "sAMAccountName", values: [name] }),
  ]);
  for (const member of members) await joinGroupWith(client, dn, member);
  return dn;
}

/** Puts an object into a group, both by distinguished name. */
export const joinGroupWith = (client: Client, group: string, member: string): Promise<void> =>
  client.modify(group, addValue("member", member));

import type { DirectoryConnection } from "./connection.ts";
import { texts } from "./entry.ts";

const ATTRIBUTE = "allowedAttributesEffective";

/**
 * Attributes of an object that the agent's account may write, in lower case (MS-ADTS 3.1.1.4.5.31);
 * undefined where the directory names none. Only for who needs it: it costs a directory nearly as
 * much as finding the account.
 * @throws DirectoryError `directoryUnreachable`
 */
export async function writableAttributes(
  connection: DirectoryConnection,
  dn: string,
): Promise<ReadonlySet<string> | undefined> {
  const [entry] = await connection.search(dn, { scope: "base", attributes: [ATTRIBUTE] });
  const names = entry && texts(entry, ATTRIBUTE);
  return names && new Set(names.map((name) => name.toLowerCase()));
}

import type { DirectoryConnection } from "./connection.ts";
import { text } from "./entry.ts";
import { nameKey } from "./guard/distinguishedName.ts";

const ATTRIBUTE = "fSMORoleOwner";

/**
 * Whether the domain controller at the other end is the PDC emulator: the head of the domain names
 * it by its NTDS settings object (MS-ADTS 3.1.1.1.11). False where that cannot be read.
 * @throws DirectoryError `directoryUnreachable`
 */
export async function isPdcEmulator(connection: DirectoryConnection): Promise<boolean> {
  const { domain, settingsName } = connection.rootDse;
  if (domain === undefined || settingsName === undefined) return false;
  const head = await connection.look(domain, [ATTRIBUTE]);
  const owner = head && text(head, ATTRIBUTE);
  const [one, other] = [nameKey(owner ?? ""), nameKey(settingsName)];
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

import type { Account } from "../directory/account.ts";
import { type ProbeSettings, probeCompareAndSet } from "../directory/compareAndSetProbe.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import type { Rights } from "../directory/missingRight.ts";
import { writableAttributes } from "../directory/writableAttributes.ts";

/**
 * What the agent's account may do, as far as that can be told: attributes are read on the account,
 * Unexpire Password is tried on the canary, since it is a right on the whole domain.
 * @throws DirectoryError `directoryUnreachable`
 */
export async function readRights(
  connection: DirectoryConnection,
  { dn }: Account,
  settings: ProbeSettings,
): Promise<Rights> {
  const writable = await writableAttributes(connection, dn);
  const result = await probeCompareAndSet(connection, settings);
  const mayUnexpire = result === "unknown" ? undefined : result !== "unexpireDenied";
  return { writable, mayUnexpire };
}

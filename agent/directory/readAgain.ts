import { ACCOUNT_ATTRIBUTES, type Account, BINARY_ATTRIBUTES, readAccount } from "./account.ts";
import type { DirectoryConnection } from "./connection.ts";

/**
 * An account as it is now, by its name for writes.
 * @returns undefined where the directory does not show it
 * @throws DirectoryError `directoryUnreachable`
 */
export async function readAgain(
  connection: DirectoryConnection,
  { dn }: Pick<Account, "dn">,
): Promise<Account | undefined> {
  const [entry] = await connection.search(dn, {
    scope: "base",
    attributes: ACCOUNT_ATTRIBUTES,
    explicitBufferAttributes: BINARY_ATTRIBUTES,
  });
  return entry && readAccount(entry);
}

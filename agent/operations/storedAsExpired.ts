import type { Account } from "../directory/account.ts";
import { Believed } from "../directory/believed.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { DirectoryError } from "../directory/directoryError.ts";
import type { DirectoryPool } from "../directory/pool.ts";
import { readAgain } from "../directory/readAgain.ts";

/** Milliseconds for which a domain controller that kept a reset's time is not asked again. */
const BELIEVED_MS = 3_600_000;

const keeping = new Believed<true>(BELIEVED_MS);

/**
 * Whether a domain controller took the password of a reset as expired already, though "must change"
 * was not asked for: for lack of the right Unexpire Password on the head of the domain (MS-SAMR
 * 3.1.1.8.7). One search, on the first reset of an hour; on every one as long as the right is
 * missing. Where that cannot be read the answer is no.
 * @param before the account as it was before the reset
 * @param now milliseconds of a steady clock
 */
export async function isStoredAsExpired(
  pool: DirectoryPool,
  connection: DirectoryConnection,
  before: Account,
  now: () => number = () => performance.now(),
): Promise<boolean> {
  const { server } = connection.rootDse;
  if (keeping.get(pool, server, now())) return false;
  const after = await readAgain(connection, before).catch(nothing);
  // Somebody else may have set it once more, or asked for a change.
  if (before.keyVersion === undefined || after?.keyVersion !== before.keyVersion + 1n) return false;
  if (after.pwdLastSet === 0n) return true;
  if (after.pwdLastSet !== undefined) keeping.set(pool, server, true, now());
  return false;
}

function nothing(error: unknown): undefined {
  if (!(error instanceof DirectoryError)) throw error;
}

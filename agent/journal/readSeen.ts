import { DirectoryError } from "../directory/directoryError.ts";
import type { DirectoryPool } from "../directory/pool.ts";
import { readAgain } from "../directory/readAgain.ts";
import type { Intent } from "./entry.ts";
import type { Seen } from "./observe.ts";

/** Milliseconds that a look waits for its turn; jobs go on meanwhile. */
const TURN_MS = 5_000;

/**
 * Reads the account again, on the domain controller that was written to and on no other: what one
 * has not got yet is no news of another one.
 * @param pools of all domains: one of them has that domain controller
 * @returns undefined where that one cannot be asked now, or does not show the account
 */
export async function readSeen(
  pools: readonly DirectoryPool[],
  intent: Intent,
): Promise<Seen | undefined> {
  for (const pool of pools) {
    const look = pool.onServer(intent.server, TURN_MS, (connection) =>
      readAgain(connection, { dn: intent.account }),
    );
    const seen = await look.catch((error: unknown) => {
      if (error instanceof DirectoryError) return undefined;
      throw error;
    });
    if (seen) return seen;
  }
  return undefined;
}

import type { ResetRequest } from "@password-writeback/protocol/request.ts";
import type { Account } from "../directory/account.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { DirectoryError } from "../directory/directoryError.ts";
import { write } from "../directory/write.ts";
import { type Job, permit } from "./job.ts";
import { admitted } from "./onAccount.ts";

/**
 * The second of two modifies, for a directory that refuses "must change" together with policy
 * hints. The reset has succeeded whatever happens here.
 * @param before the account as it was before the reset
 * @returns whether the flag is set; undefined where nobody can say, and where the user has already
 * changed the password, so that there is nothing to ask for
 */
export async function mustChangeAfterReset(
  connection: DirectoryConnection,
  request: ResetRequest,
  before: Account,
  job: Job,
): Promise<boolean | undefined> {
  try {
    // It may have become somebody's who is never touched since the reset.
    const account = await admitted(connection, job, request);
    if (account.guid !== before.guid || account.pwdLastSet === undefined) return false;
    if (setSince(before, account)) return undefined;
    const verdict = await write(connection, permit(job), {
      operation: "requireChange",
      account,
      changes: [],
      compare: { read: account.pwdLastSet, next: "0" },
    });
    if (verdict.code === "superseded" || verdict.status === "unknown") return undefined;
    return verdict.status === "succeeded";
  } catch (error) {
    if (error instanceof DirectoryError) return false;
    throw error;
  }
}

/** Whether somebody has set the password once more after our reset. */
const setSince = (before: Account, after: Account): boolean =>
  before.keyVersion !== undefined &&
  after.keyVersion !== undefined &&
  after.keyVersion > before.keyVersion + 1n;

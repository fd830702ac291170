import type { RequireChangeRequest, ResetRequest } from "@password-writeback/protocol/request.ts";
import type { Account } from "../directory/account.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { DirectoryError } from "../directory/directoryError.ts";
import { TICKS_PER_MS } from "../directory/fileTime.ts";
import type { Job } from "./job.ts";

/** A domain controller tells its time in whole seconds; the request's age is never too small. */
const TOLERANCE_MS = 2_000;

/**
 * Refuses a request that waited while somebody set the account's password: the newer one is never
 * taken back by an older wish. Two ages are compared, each by its own clock: that of the password
 * by the directory's, that of the request by the cloud's. What was set while the request waited
 * for this agent's other jobs for the user is no reason: those were asked for before it. Where the
 * directory tells no time, or the password must be changed (`pwdLastSet` 0), there is no age, and
 * compare-and-set alone guards.
 * @throws DirectoryError `superseded`: nothing was written
 */
export function refuseOvertaken(
  { iat, exp }: Pick<ResetRequest | RequireChangeRequest, "iat" | "exp">,
  { directoryTime, rootDse }: Pick<DirectoryConnection, "directoryTime" | "rootDse">,
  { pwdLastSet }: Pick<Account, "pwdLastSet">,
  { remaining, heldMs = 0 }: Pick<Job, "remaining" | "heldMs">,
): void {
  if (directoryTime === undefined || pwdLastSet === undefined || pwdLastSet <= 0n) return;
  const passwordMs = Number((directoryTime - pwdLastSet) / TICKS_PER_MS);
  const requestMs = (exp - iat) * 1_000 - remaining();
  // Set in the future: by a domain controller whose clock differs, so its age is not known.
  if (passwordMs < -TOLERANCE_MS) return;
  if (heldMs > 0 && passwordMs <= heldMs) return;
  if (passwordMs + TOLERANCE_MS < requestMs)
    throw new DirectoryError("superseded", { server: rootDse.server });
}

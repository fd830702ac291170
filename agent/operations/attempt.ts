import type { Account } from "../directory/account.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import type { Attempt } from "../directory/explain.ts";
import type { Job } from "./job.ts";
import type { Ground } from "./onAccount.ts";

/**
 * All that a refusal of a password by the policy would be explained with, from before its write.
 */
export function attemptOf(
  { directoryTime: now, rootDse }: DirectoryConnection,
  account: Account,
  asked: Pick<Attempt, "newPassword" | "currentPassword" | "policyEnforced">,
  { policy }: Ground,
  { settings: { passwordFilter } }: Job,
): Attempt {
  return { ...asked, policy, account, checksNames: !rootDse.samba, now, passwordFilter };
}

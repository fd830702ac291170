import type { Account } from "../directory/account.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import type { Attempt } from "../directory/explain.ts";
import { readPolicy } from "../directory/policyReader.ts";
import type { Job } from "./job.ts";

/**
 * Reads, before a password is written, what a refusal by the policy would be explained with, on the
 * connection that writes.
 * @throws DirectoryError `directoryUnreachable`: nothing was written
 */
export async function readAttempt(
  connection: DirectoryConnection,
  account: Account,
  asked: Pick<Attempt, "newPassword" | "currentPassword" | "policyEnforced">,
  { settings: { passwordFilter } }: Job,
): Promise<Attempt> {
  const policy = await readPolicy(connection, account);
  const { directoryTime: now, rootDse } = connection;
  return { ...asked, policy, account, checksNames: !rootDse.samba, now, passwordFilter };
}

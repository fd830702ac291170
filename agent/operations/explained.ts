import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { Account } from "../directory/account.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { type Attempt, explain } from "../directory/explain.ts";
import { readPolicy } from "../directory/policyReader.ts";
import type { Job } from "./job.ts";

/**
 * Reads, before a password is written, what a refusal by the policy would be explained with, on the
 * connection that writes.
 * @returns what adds the broken rules to such a verdict; other verdicts stay as they are
 * @throws DirectoryError `directoryUnreachable`: nothing was written
 */
export async function readyToExplain(
  connection: DirectoryConnection,
  account: Account,
  attempt: Pick<Attempt, "newPassword" | "currentPassword" | "policyEnforced">,
  { settings: { passwordFilter } }: Job,
): Promise<(verdict: Verdict) => Verdict> {
  const policy = await readPolicy(connection, account);
  const { directoryTime: now, rootDse } = connection;
  return (verdict) => {
    if (verdict.code !== "passwordPolicyViolation") return verdict;
    const checksNames = !rootDse.samba;
    const violations = explain({ ...attempt, policy, account, checksNames, now, passwordFilter });
    return { ...verdict, detail: { ...verdict.detail, violations } };
  };
}

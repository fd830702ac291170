import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { UnlockRequest } from "@password-writeback/protocol/request.ts";
import { unlocked } from "../directory/changes.ts";
import { write } from "../directory/write.ts";
import { type Job, permit } from "./job.ts";
import { onAccount } from "./onAccount.ts";

/**
 * `lockoutTime: 0`, even where this domain controller shows no lockout: another one may. Whether
 * the account was locked is told from the directory's computed state, since `lockoutTime` stays
 * behind when a lockout has run out.
 */
export const unlock = (request: UnlockRequest, job: Job): Promise<Verdict> =>
  onAccount(job, request, async (connection, account) => {
    const verdict = await write(connection, permit(job), {
      operation: "unlock",
      account,
      changes: [unlocked()],
    });
    return verdict.status === "succeeded" && account.locked !== undefined
      ? { ...verdict, detail: { wasLocked: account.locked } }
      : verdict;
  });

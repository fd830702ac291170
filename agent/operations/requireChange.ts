import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { RequireChangeRequest } from "@password-writeback/protocol/request.ts";
import { compareAndSet } from "../directory/changes.ts";
import { write } from "../directory/write.ts";
import { type Job, permit, readableAge } from "./job.ts";
import { onAccount } from "./onAccount.ts";

/**
 * Must change at next sign-in: compare-and-set of `pwdLastSet` to 0, since a bare 0 would flag a
 * user who has just changed. Sent from 0 to 0 as well: it changes nothing there, and the answer
 * still tells whether the agent has the right. On a password that never expires it has no effect,
 * and the outcome says so.
 */
export const requireChange = (request: RequireChangeRequest, job: Job): Promise<Verdict> =>
  onAccount(job, request, async (connection, account, { ignoresMustChange }) => {
    const verdict = await write(connection, permit(job), {
      operation: "requireChange",
      account,
      changes: compareAndSet(readableAge(connection, account), "0"),
    });
    return verdict.status === "succeeded" && ignoresMustChange
      ? { ...verdict, detail: { mustChangeApplied: false } }
      : verdict;
  });

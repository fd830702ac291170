import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { UnlockRequest } from "@password-writeback/protocol/request.ts";
import { unlocked } from "../directory/changes.ts";
import type { Job } from "./job.ts";
import { onAccount } from "./onAccount.ts";
import { send } from "./send.ts";

/**
 * `lockoutTime: 0`, even where this domain controller shows no lockout: another one may. Whether
 * the account was locked is told from the directory's computed state, since `lockoutTime` stays
 * behind when a lockout has run out.
 */
export const unlock = (request: UnlockRequest, job: Job): Promise<Verdict> =>
  onAccount(job, request, (connection, account, { notes }) =>
    send(
      job,
      request,
      connection,
      { operation: "unlock", account, told: notes, changes: [unlocked()] },
      async () => (account.locked === undefined ? {} : { detail: { wasLocked: account.locked } }),
    ),
  );

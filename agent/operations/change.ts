import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { ChangeRequest } from "@password-writeback/protocol/request.ts";
import type { Account } from "../directory/account.ts";
import { changePassword, compareAndSet } from "../directory/changes.ts";
import { write } from "../directory/write.ts";
import { expiry, type Job, onAccount } from "./job.ts";

/**
 * The user knows the current password: delete it, add the new one, with compare-and-set where the
 * agent may write `pwdLastSet`. Never `lockoutTime`: it would let anyone guess on a locked account
 * and unlock it. Never policy hints: a change obeys the whole policy anyway.
 */
export const change = (request: ChangeRequest, job: Job): Promise<Verdict> =>
  onAccount(job, request.target, (connection, account) =>
    write(connection, expiry(job), {
      operation: "change",
      account,
      changes: [
        ...changePassword(request.currentPassword, request.newPassword),
        ...guarded(account),
      ],
    }),
  );

const guarded = ({ pwdLastSet, writable }: Account) =>
  pwdLastSet !== undefined && writable?.has("pwdlastset") ? compareAndSet(pwdLastSet, "-1") : [];

import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { ChangeRequest } from "@password-writeback/protocol/request.ts";
import { changePassword } from "../directory/changes.ts";
import { writableAttributes } from "../directory/writableAttributes.ts";
import { attemptOf } from "./attempt.ts";
import type { Job } from "./job.ts";
import { lockoutRule } from "./lockoutRule.ts";
import { onAccount } from "./onAccount.ts";
import { send } from "./send.ts";

/**
 * The user knows the current password: delete it, add the new one, with compare-and-set where the
 * agent may write `pwdLastSet`, but for the owner of a protected account: AD takes that right away
 * there. Never `lockoutTime`: it would let anyone guess on a locked account
 * and unlock it. Never policy hints: a change obeys the whole policy anyway.
 */
export const change = (request: ChangeRequest, job: Job): Promise<Verdict> =>
  onAccount(job, request, async (connection, account, ground) => {
    const { pwdLastSet } = account;
    const { currentPassword, newPassword } = request;
    const asked = { currentPassword, newPassword, policyEnforced: true };
    const writable = await writableAttributes(connection, account.dn);
    const guarded = !ground.asOwner && pwdLastSet !== undefined && writable?.has("pwdlastset");
    return send(job, request, connection, {
      operation: "change",
      account,
      attempt: attemptOf(connection, account, asked, ground, job),
      told: ground.notes,
      changes: changePassword(currentPassword, newPassword),
      compare: guarded ? { read: pwdLastSet, next: "-1" } : undefined,
      evidence: lockoutRule(ground.policy),
    });
  });

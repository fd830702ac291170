import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { ResetRequest } from "@password-writeback/protocol/request.ts";
import type { Account } from "../directory/account.ts";
import { compareAndSet, setPassword, unlocked } from "../directory/changes.ts";
import { DirectoryError } from "../directory/directoryError.ts";
import { policyHints } from "../directory/policyHints.ts";
import { write } from "../directory/write.ts";
import { readAttempt } from "./attempt.ts";
import { type Job, permit, readableAge } from "./job.ts";
import { mustChangeAfterReset } from "./mustChangeAfterReset.ts";
import { onAccount } from "./onAccount.ts";

/**
 * Identity was proved otherwise: new password, compare-and-set of `pwdLastSet`, end of a lockout,
 * in one modify under the policy-hints control, so that history counts as it does in a change.
 * @throws DirectoryError `directoryCannotEnforcePolicy`: the directory knows no such control and
 * the administrator has not allowed resets without it
 */
export const reset = (request: ResetRequest, job: Job): Promise<Verdict> =>
  onAccount(job, request, async (connection, account, { ignoresMustChange }) => {
    const hints = policyHints(connection.rootDse);
    const { server, samba } = connection.rootDse;
    if (!hints && !job.settings.allowWeakerEnforcement)
      throw new DirectoryError("directoryCannotEnforcePolicy", { server });
    // Samba compares the minimum age with the 0 being written, and so refuses both in one modify.
    const flagLater = request.mustChange && samba && hints !== undefined;
    const attempt = await readAttempt(
      connection,
      account,
      { newPassword: request.newPassword, policyEnforced: hints !== undefined },
      job,
    );
    const verdict = await write(connection, permit(job), {
      operation: "reset",
      account,
      attempt,
      changes: [
        setPassword(request.newPassword),
        ...compareAndSet(
          readableAge(connection, account),
          request.mustChange && !flagLater ? "0" : "-1",
        ),
        unlocked(),
      ],
      controls: hints ? [hints] : [],
      evidence: { policyEnforced: hints !== undefined },
    });
    if (verdict.status !== "succeeded") return verdict;
    const applied = flagLater
      ? await mustChangeAfterReset(connection, request, account, job)
      : request.mustChange || undefined;
    const effective = applied && ignoresMustChange ? false : applied;
    return { ...verdict, detail: { ...lockedBefore(account), ...mustChange(effective) } };
  });

const lockedBefore = ({ locked }: Account) => (locked === undefined ? {} : { wasLocked: locked });
const mustChange = (applied: boolean | undefined) =>
  applied === undefined ? {} : { mustChangeApplied: applied };

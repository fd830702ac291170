import type { OutcomeDetail, Verdict } from "@password-writeback/protocol/outcome.ts";
import type { ResetRequest } from "@password-writeback/protocol/request.ts";
import { setPassword, unlocked } from "../directory/changes.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { DirectoryError } from "../directory/directoryError.ts";
import { type PolicyHints, policyHints } from "../directory/policyHints.ts";
import type { Write } from "../directory/write.ts";
import { attemptOf } from "./attempt.ts";
import type { Afterwards } from "./completed.ts";
import { type Job, readableAge } from "./job.ts";
import { mustChangeAfterReset } from "./mustChangeAfterReset.ts";
import { onAccount } from "./onAccount.ts";
import { refuseOvertaken } from "./overtaken.ts";
import { enforcesPolicy } from "./policyEnforcement.ts";
import { send } from "./send.ts";
import { isStoredAsExpired } from "./storedAsExpired.ts";

/**
 * Identity was proved otherwise: new password, compare-and-set of `pwdLastSet`, end of a lockout,
 * in one modify, under the policy-hints control unless the settings say otherwise, so that history
 * counts as it does in a change.
 * @throws DirectoryError `directoryCannotEnforcePolicy`: the directory knows no such control and
 * the administrator has not allowed resets without it
 */
export const reset = (request: ResetRequest, job: Job): Promise<Verdict> =>
  onAccount(job, request, async (connection, account, ground) => {
    refuseOvertaken(request, connection, account, job);
    const { newPassword, mustChange } = request;
    const hints = hintsFor(request, connection, job);
    const policyEnforced = hints !== undefined;
    // Samba compares the minimum age with the 0 being written, and so refuses both in one modify.
    const flagLater = mustChange && connection.rootDse.samba && policyEnforced;
    const afterwards: Afterwards = async (now) => {
      const applied = flagLater
        ? await mustChangeAfterReset(now, request, account, job)
        : mustChange || undefined;
      const isExpired = !mustChange && (await isStoredAsExpired(job.pool, now, account));
      const detail: OutcomeDetail = {
        ...(account.locked !== undefined && { wasLocked: account.locked }),
        ...(applied !== undefined && { mustChangeApplied: applied && !ground.ignoresMustChange }),
        ...(isExpired && { mustChangeUnasked: true }),
      };
      return { detail, ...(isExpired && { missingRight: "Unexpire-Password" }) };
    };
    const asked: Write = {
      operation: "reset",
      account,
      attempt: attemptOf(connection, account, { newPassword, policyEnforced }, ground, job),
      told: ground.notes,
      changes: [setPassword(newPassword), unlocked()],
      compare: {
        read: readableAge(connection, account),
        next: mustChange && !flagLater ? "0" : "-1",
      },
      controls: hints ? [hints] : [],
      evidence: { policyEnforced },
    };
    return send(job, request, connection, asked, afterwards);
  });

/** Undefined where the reset goes without. */
function hintsFor(
  { origin }: ResetRequest,
  { rootDse }: DirectoryConnection,
  { settings: { allowWeakerEnforcement, policyEnforcement } }: Job,
): PolicyHints | undefined {
  if (!enforcesPolicy(origin, policyEnforcement)) return undefined;
  const hints = policyHints(rootDse);
  if (!hints && !allowWeakerEnforcement)
    throw new DirectoryError("directoryCannotEnforcePolicy", { server: rootDse.server });
  return hints;
}

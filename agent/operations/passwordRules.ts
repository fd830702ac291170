import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { PasswordRulesRequest } from "@password-writeback/protocol/request.ts";
import { effectiveRules } from "../directory/effectiveRules.ts";
import { fileTime } from "../directory/fileTime.ts";
import { policyHints } from "../directory/policyHints.ts";
import type { Job } from "./job.ts";
import { lookAtAccount } from "./onAccount.ts";
import { enforcesPolicy } from "./policyEnforcement.ts";

/**
 * What the next password must be, read where it would be written. An account that may not be
 * touched is refused as it would be then, so that nobody types a password for nothing.
 */
export const passwordRules = (request: PasswordRulesRequest, job: Job): Promise<Verdict> =>
  lookAtAccount(job, request, async (connection, account, { asOwner, policy }) => {
    const { passwordFilter, allowWeakerEnforcement, policyEnforcement } = job.settings;
    const { samba, server } = connection.rootDse;
    const isHidden = account.passwordSettings !== undefined && policy.minimumLength === undefined;
    const isMeant = enforcesPolicy(request.origin, policyEnforcement);
    const isPossible = policyHints(connection.rootDse) !== undefined;
    const rules = effectiveRules({
      policy,
      account,
      checksNames: !samba,
      lengthCountsForAll: samba,
      // A server that does not tell its time is taken to have ours.
      now: connection.directoryTime ?? fileTime(Date.now()),
      resetAllowed: !asOwner && (!isMeant || isPossible || allowWeakerEnforcement),
      enforcedOnReset: isMeant && isPossible,
      passwordFilter,
    });
    const missing = isHidden && { missingRight: "read msDS-PasswordSettings" };
    return { status: "succeeded", detail: { rules }, directory: { server, ...missing } };
  });

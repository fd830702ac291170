import type { PasswordRules } from "@password-writeback/protocol/passwordRules.ts";
import type { Account } from "./account.ts";
import { isoTime } from "./fileTime.ts";
import type { PasswordPolicy } from "./policy.ts";

/** What was read of an account and of the rules in force for it. */
export interface Read {
  readonly policy: PasswordPolicy;
  readonly account: Pick<Account, "pwdLastSet" | "locked" | "passwordNotRequired">;
  /** Whether the directory looks for names in passwords: Windows does, Samba does not. */
  readonly checksNames: boolean;
  /** Whether who needs no password must have a long one all the same: Samba only. */
  readonly lengthCountsForAll: boolean;
  /** FILETIME of the directory's clock. */
  readonly now: bigint;
  /** Whether a reset would be carried out. */
  readonly resetAllowed: boolean;
  /** Whether history and minimum age would count in one. */
  readonly enforcedOnReset: boolean;
  /** A filter that the administrator says is in place, in the administrator's words. */
  readonly passwordFilter?: { readonly helpText?: string | undefined } | undefined;
}

const TICKS_PER_SECOND = 10_000_000n;

/**
 * The rules that the next password of an account is held against: those by which `explain` tells
 * afterwards which one was broken. What could not be read stays unknown.
 */
export function effectiveRules(read: Read): PasswordRules {
  const { policy, account, checksNames, resetAllowed, enforcedOnReset, passwordFilter } = read;
  const { lengthCountsForAll } = read;
  const { complexity, minimumAge } = policy;
  const anyWillDo = account.passwordNotRequired;
  return {
    minimumLength: anyWillDo && !lengthCountsForAll ? 0 : policy.minimumLength,
    complexity,
    namesRefused: checksNames ? complexity : false,
    historyLength: anyWillDo ? 0 : policy.historyLength,
    minimumAgeSeconds: minimumAge === undefined ? undefined : Number(minimumAge / TICKS_PER_SECOND),
    changeAllowedFrom: changeAllowedFrom(read),
    resetAllowed,
    enforcedOnReset,
    locked: account.locked,
    passwordFilter,
  };
}

/** Who must change is never too soon. A past moment is not told: it says when it was changed. */
function changeAllowedFrom({
  policy: { minimumAge },
  account: { pwdLastSet },
  now,
}: Read): string | undefined {
  if (minimumAge === 0n || pwdLastSet === 0n) return isoTime(now);
  if (minimumAge === undefined || pwdLastSet === undefined) return undefined;
  const allowed = pwdLastSet + minimumAge;
  return isoTime(allowed > now ? allowed : now);
}

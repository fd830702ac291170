import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import type { Violation } from "@password-writeback/protocol/violation.ts";
import type { WriteOperation } from "./changes.ts";
import { type Attempt, explain } from "./explain.ts";
import { type Denied, isUnexpireDenied, type MissingRight, missingRight } from "./missingRight.ts";

/** Everything that a verdict on a refused write is made of. */
export interface Refused extends Denied {
  /** The password that was to be set, and the policy and the account as they were before. */
  readonly attempt?: Attempt | undefined;
}

/** What a refused write means: nothing was written, and why. */
export interface RefusalVerdict {
  readonly code: ErrorCode;
  /** The right that was missing, where that was the reason. */
  readonly missingRight?: string;
  /** The rules that the password broke, where that was the reason. */
  readonly violations?: readonly Violation[];
}

/** A right was missing; which one is found out apart. */
const DENIED = "denied";
type Cause = ErrorCode | typeof DENIED;

/** One line of the table: what was asked and answered, and what that means. */
interface Row {
  readonly cause: Cause;
  /** Any of these eight hex digits; `none` where the message must not start with any. */
  readonly win32?: readonly string[] | "none";
  readonly resultCodes?: readonly number[];
  readonly operations?: readonly WriteOperation[];
}

const UNAVAILABLE_CRITICAL_EXTENSION = 12;

/**
 * The table of refusals: the first row that fits decides. By the Windows error code first, which is
 * the same for every dialect and version, and by the LDAP result code (RFC 4511 appendix A) only
 * where there is none; never by 19 against 53 (servers differ), by DSID or by prose.
 */
const TABLE: readonly Row[] = [
  {
    cause: "directoryCannotEnforcePolicy",
    resultCodes: [UNAVAILABLE_CRITICAL_EXTENSION],
    operations: ["reset"],
  },
  { cause: "directoryRefused", resultCodes: [UNAVAILABLE_CRITICAL_EXTENSION] },

  { cause: "passwordPolicyViolation", win32: ["0000052D"] },
  // Windows 2008 prints the second one for some long wrong passwords.
  { cause: "currentPasswordWrong", win32: ["00000056", "0000056A"], operations: ["change"] },
  { cause: "accountLocked", win32: ["00000775"] },
  { cause: "superseded", win32: ["00002085"] },
  { cause: "changeNotAllowed", win32: ["00000005"], operations: ["change"] },
  { cause: DENIED, win32: ["00000005", "00002098", "00000522"] },
  { cause: "directoryUserNotFound", win32: ["00002030", "0000208D"] },
  // Not bound any more.
  { cause: "directoryUnreachable", win32: ["00002020", "000004DC"] },
  // Busy, unavailable, shutting down, role owner not verified.
  { cause: "directoryUnreachable", win32: ["0000200E", "0000200F", "000020AC", "000021A2"] },
  // Read-only, or of another domain: never followed, since that would take the secret elsewhere.
  { cause: "directoryReferral", resultCodes: [10] },

  // Samba refuses a change that an access control entry denies without any Windows code.
  { cause: "changeNotAllowed", win32: "none", resultCodes: [19, 50], operations: ["change"] },
  { cause: DENIED, win32: "none", resultCodes: [50] },
  { cause: "superseded", win32: "none", resultCodes: [16] },
  { cause: "directoryUserNotFound", win32: "none", resultCodes: [32] },
  { cause: "directoryUnreachable", win32: "none", resultCodes: [1, 51, 52] },
];

const fits = ({ win32, resultCodes, operations }: Row, { operation, refusal }: Refused): boolean =>
  (win32 === undefined ||
    (win32 === "none" ? refusal.win32 === undefined : win32.includes(refusal.win32 ?? ""))) &&
  (resultCodes === undefined || resultCodes.includes(refusal.resultCode)) &&
  (operations === undefined || operations.includes(operation));

/**
 * The verdict on a write that the directory refused: one pure function of what was asked, what was
 * answered, and what was read before. What no row knows is `directoryRefused`.
 */
export function verdictOnRefusal(refused: Refused): RefusalVerdict {
  const { refusal, attempt } = refused;
  // In a change it would look as if the person were not allowed to.
  const cause = isUnexpireDenied(refused) ? DENIED : TABLE.find((row) => fits(row, refused))?.cause;
  if (cause === DENIED) return lacking(missingRight(refused));
  if (cause === "passwordPolicyViolation" && attempt)
    return { code: cause, violations: explain(attempt, refusal.told) };
  return { code: cause ?? "directoryRefused" };
}

const lacking = ({ code, name }: MissingRight): RefusalVerdict => ({ code, missingRight: name });

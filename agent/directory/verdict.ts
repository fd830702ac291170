import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import type { OperationName } from "@password-writeback/protocol/request.ts";
import type { Refusal } from "./refusal.ts";

type WriteOperation = Exclude<OperationName, "probe">;

/** What a refused write means, and which right was missing where that was the reason. */
export interface Meaning {
  readonly code: ErrorCode;
  readonly missingRight?: string;
}

/** Attributes that the agent's account may write on the object; lower case. */
export interface Rights {
  readonly writable: ReadonlySet<string> | undefined;
}

/** By the Windows error code in front of the message: the same for every dialect and version. */
const BY_WIN32: Readonly<Record<string, ErrorCode>> = {
  "0000052D": "passwordPolicyViolation",
  "00000775": "accountLocked",
  "00002085": "superseded",
  "00002098": "agentLacksRight",
  "00000522": "agentLacksRight",
  "00002030": "directoryUserNotFound",
  "0000208D": "directoryUserNotFound",
  "00002020": "directoryUnreachable",
  "000004DC": "directoryUnreachable",
  "0000200E": "directoryUnreachable",
  "0000200F": "directoryUnreachable",
  "000020AC": "directoryUnreachable",
  "000021A2": "directoryUnreachable",
};

/** By the LDAP result code (RFC 4511 appendix A), where no Windows code stood there. */
const BY_RESULT_CODE: Readonly<Record<number, ErrorCode>> = {
  1: "directoryUnreachable",
  16: "superseded",
  32: "directoryUserNotFound",
  50: "agentLacksRight",
  51: "directoryUnreachable",
  52: "directoryUnreachable",
};

/** Windows 2008 prints the second one for some long wrong passwords. */
const WRONG_PASSWORD: ReadonlySet<string> = new Set(["00000056", "0000056A"]);
const ACCESS_DENIED = "00000005";
const UNAVAILABLE_CRITICAL_EXTENSION = 12;
const CONSTRAINT_VIOLATION = 19;
const INSUFFICIENT_ACCESS = 50;

/**
 * Names the verdict of a directory that refused a write. Judges by the eight hex digits first and
 * by the result code only where there are none; never by 19 against 53 (servers differ), by DSID
 * or by prose.
 */
export function meaningOf(operation: WriteOperation, refusal: Refusal, rights?: Rights): Meaning {
  const code = codeOf(operation, refusal);
  return code === "agentLacksRight"
    ? { code, missingRight: missingRight(operation, refusal, rights) }
    : { code };
}

function codeOf(operation: WriteOperation, { resultCode, win32 }: Refusal): ErrorCode {
  if (resultCode === UNAVAILABLE_CRITICAL_EXTENSION)
    return operation === "reset" ? "directoryCannotEnforcePolicy" : "directoryRefused";
  if (operation === "change") {
    if (win32 === undefined ? isDenial(resultCode) : win32 === ACCESS_DENIED)
      return "changeNotAllowed";
    if (win32 !== undefined && WRONG_PASSWORD.has(win32)) return "currentPasswordWrong";
  }
  if (win32 === ACCESS_DENIED) return "agentLacksRight";
  return (win32 === undefined ? BY_RESULT_CODE[resultCode] : BY_WIN32[win32]) ?? "directoryRefused";
}

/** Samba refuses a change that an access control entry denies without any Windows code. */
const isDenial = (resultCode: number): boolean =>
  resultCode === CONSTRAINT_VIOLATION || resultCode === INSUFFICIENT_ACCESS;

/** Attributes that each operation writes beside the password itself. */
const WRITTEN: Readonly<Record<WriteOperation, readonly string[]>> = {
  reset: ["pwdLastSet", "lockoutTime"],
  change: ["pwdLastSet"],
  unlock: ["lockoutTime"],
  requireChange: ["pwdLastSet"],
};

/** Rights to attributes can be read beforehand; that to reset a password cannot. */
function missingRight(
  operation: WriteOperation,
  { win32 }: Refusal,
  rights: Rights | undefined,
): string {
  const written = WRITTEN[operation];
  if (rights) {
    const missing = written.filter((name) => !rights.writable?.has(name.toLowerCase()));
    if (missing.length > 0) return missing.join(", ");
  }
  return operation === "reset" && win32 !== "00002098" ? "Reset Password" : written.join(", ");
}

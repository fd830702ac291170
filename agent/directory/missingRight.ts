import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import type { WriteOperation } from "./changes.ts";
import type { Refusal } from "./refusal.ts";

/** Attributes that the agent's account may write on the object; lower case. */
export interface Rights {
  readonly writable: ReadonlySet<string> | undefined;
}

/** A right that the agent's account lacks, or `agentLacksRight` where that is only likely. */
export interface MissingRight {
  readonly code: ErrorCode;
  readonly name: string;
}

interface Denied {
  readonly operation: WriteOperation;
  readonly refusal: Refusal;
  readonly rights?: Rights | undefined;
}

type Attribute = "pwdLastSet" | "lockoutTime";

/** Attributes that each operation writes beside the password itself. */
const WRITTEN: Readonly<Record<WriteOperation, readonly [Attribute, ...Attribute[]]>> = {
  reset: ["pwdLastSet", "lockoutTime"],
  change: ["pwdLastSet"],
  unlock: ["lockoutTime"],
  requireChange: ["pwdLastSet"],
};

const CODE_OF_ATTRIBUTE = {
  pwdLastSet: "agentLacksWritePwdLastSet",
  lockoutTime: "agentLacksWriteLockoutTime",
} as const;

/** Of a write property; a control-access right is denied by another code (MS-ADTS 3.1.1.5.3.1). */
const PROPERTY_DENIED = "00002098";
const PRIVILEGE_NOT_HELD = "00000522";

/**
 * Which right was missing. Those to attributes can be read beside the refusal; that to reset a
 * password cannot, and is what is left where the attributes may be written.
 */
export function missingRight({ operation, refusal, rights }: Denied): MissingRight {
  const { win32, told } = refusal;
  if (told && "lacks" in told) return { code: "agentLacksUnexpirePassword", name: told.lacks };
  const written = WRITTEN[operation];
  const missing = written.filter((name) => rights && !rights.writable?.has(name.toLowerCase()));
  const [only, ...more] = missing.length > 0 ? missing : written;
  const names = [only, ...more].join(", ");
  const isReset = operation === "reset" && win32 !== PROPERTY_DENIED;
  if (missing.length === 0 && isReset)
    return { code: resetCode(win32, rights), name: "Reset Password" };
  const isCertain = missing.length > 0 || (more.length === 0 && win32 !== PRIVILEGE_NOT_HELD);
  return { code: isCertain && only ? CODE_OF_ATTRIBUTE[only] : "agentLacksRight", name: names };
}

/** What is left once the attributes are known to be writable. */
const resetCode = (win32: string | undefined, rights: Rights | undefined): ErrorCode =>
  rights && win32 !== PRIVILEGE_NOT_HELD ? "agentLacksResetPassword" : "agentLacksRight";

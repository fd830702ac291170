import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import type { WriteOperation } from "./changes.ts";
import type { Refusal } from "./refusal.ts";

/** What the agent's account may do. */
export interface Rights {
  /** Attributes that it may write on the object, in lower case; undefined where none is named. */
  readonly writable: ReadonlySet<string> | undefined;
  /** Whether it has Unexpire Password on the head of the domain; undefined: not known. */
  readonly mayUnexpire?: boolean | undefined;
}

/** A right that the agent's account lacks, or `agentLacksRight` where that is only likely. */
export interface MissingRight {
  readonly code: ErrorCode;
  readonly name: string;
}

/** A write that was denied. */
export interface Denied {
  readonly operation: WriteOperation;
  readonly refusal: Refusal;
  /** Whether -1 was to be written to `pwdLastSet`, which takes Unexpire Password. */
  readonly unexpires?: boolean | undefined;
  /** Undefined where they were not read. */
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
const ACCESS_DENIED = "00000005";

const UNEXPIRE: MissingRight = { code: "agentLacksUnexpirePassword", name: "Unexpire-Password" };

/**
 * Which right was missing. Those to attributes can be read beside the refusal; that to reset a
 * password cannot, and is what is left where the attributes may be written.
 */
export function missingRight(denied: Denied): MissingRight {
  const { operation, refusal, rights } = denied;
  const { win32 } = refusal;
  const written = WRITTEN[operation];
  const missing = written.filter((name) => rights && !rights.writable?.has(name.toLowerCase()));
  if (missing.length === 0 && isUnexpireDenied(denied)) return UNEXPIRE;
  const [only, ...more] = missing.length > 0 ? missing : written;
  if (missing.length === 0 && operation === "reset" && win32 !== PROPERTY_DENIED)
    return { code: resetCode(denied), name: "Reset Password" };
  const isCertain = missing.length > 0 || (more.length === 0 && win32 !== PRIVILEGE_NOT_HELD);
  return {
    code: isCertain && only ? CODE_OF_ATTRIBUTE[only] : "agentLacksRight",
    name: [only, ...more].join(", "),
  };
}

/** Samba names this right; of Windows it is known by the canary alone. */
export const isUnexpireDenied = ({ refusal, unexpires, rights }: Denied): boolean =>
  (refusal.told !== undefined && "lacks" in refusal.told) ||
  (unexpires === true && refusal.win32 === ACCESS_DENIED && rights?.mayUnexpire === false);

/** What is left once nothing else can have been it. */
function resetCode({ refusal: { win32 }, unexpires, rights }: Denied): ErrorCode {
  if (!rights || win32 === PRIVILEGE_NOT_HELD) return "agentLacksRight";
  const couldBeUnexpire = unexpires === true && win32 === ACCESS_DENIED && !rights.mayUnexpire;
  return couldBeUnexpire ? "agentLacksRight" : "agentLacksResetPassword";
}

import type { Entry } from "ldapts";
import { integer, text } from "./entry.ts";

/** Rules for the passwords of one account. Undefined: not known, never "none". */
export interface PasswordPolicy {
  /** UTF-16 units. */
  readonly minimumLength: number | undefined;
  /** Whether three classes of characters are asked for, and no name may be in the password. */
  readonly complexity: boolean | undefined;
  /** How many passwords are remembered, the current one included. */
  readonly historyLength: number | undefined;
  /** Not negative; units of 100 ns. */
  readonly minimumAge: bigint | undefined;
  /** Wrong passwords until a lockout; 0: never. */
  readonly lockoutThreshold: number | undefined;
  /**
   * How long a wrong password counts towards a lockout, from the last one on. Not negative; units
   * of 100 ns.
   */
  readonly lockoutWindow: bigint | undefined;
}

/** What holds where the policy in force may not be read. */
export const UNKNOWN_POLICY: PasswordPolicy = {
  minimumLength: undefined,
  complexity: undefined,
  historyLength: undefined,
  minimumAge: undefined,
  lockoutThreshold: undefined,
  lockoutWindow: undefined,
};

/** Of the domain's head (MS-ADTS 3.1.1.5.2.1, MS-SAMR 3.1.1.1.5). */
export const DOMAIN_POLICY_ATTRIBUTES = [
  "minPwdLength",
  "pwdProperties",
  "pwdHistoryLength",
  "minPwdAge",
  "lockoutThreshold",
  "lockOutObservationWindow",
];

/** Of a password settings object, which stands in for the domain's (MS-ADTS 3.1.1.4.5.36). */
export const SETTINGS_ATTRIBUTES = [
  "msDS-MinimumPasswordLength",
  "msDS-PasswordComplexityEnabled",
  "msDS-PasswordHistoryLength",
  "msDS-MinimumPasswordAge",
  "msDS-LockoutThreshold",
  "msDS-LockoutObservationWindow",
];

/** DOMAIN_PASSWORD_COMPLEX (MS-SAMR 2.2.3.5). */
const COMPLEX = 1n;
/** Above what any of these numbers can be, a directory's answer is taken for broken. */
const MOST = 1_024n;

export function domainPolicy(entry: Entry): PasswordPolicy {
  const properties = integer(entry, "pwdProperties");
  return {
    minimumLength: count(entry, "minPwdLength"),
    complexity: properties === undefined ? undefined : (properties & COMPLEX) !== 0n,
    historyLength: count(entry, "pwdHistoryLength"),
    minimumAge: duration(entry, "minPwdAge"),
    lockoutThreshold: count(entry, "lockoutThreshold"),
    lockoutWindow: duration(entry, "lockOutObservationWindow"),
  };
}

export function settingsPolicy(entry: Entry): PasswordPolicy {
  const complexity = text(entry, "msDS-PasswordComplexityEnabled");
  return {
    minimumLength: count(entry, "msDS-MinimumPasswordLength"),
    complexity: complexity === "TRUE" ? true : complexity === "FALSE" ? false : undefined,
    historyLength: count(entry, "msDS-PasswordHistoryLength"),
    minimumAge: duration(entry, "msDS-MinimumPasswordAge"),
    lockoutThreshold: count(entry, "msDS-LockoutThreshold"),
    lockoutWindow: duration(entry, "msDS-LockoutObservationWindow"),
  };
}

function count(entry: Entry, attribute: string): number | undefined {
  const value = integer(entry, attribute);
  return value !== undefined && value >= 0n && value <= MOST ? Number(value) : undefined;
}

/** Directories keep durations as negative numbers. */
function duration(entry: Entry, attribute: string): bigint | undefined {
  const value = integer(entry, attribute);
  return value !== undefined && value <= 0n ? -value : undefined;
}

import { FOREVER } from "../fileTime.ts";
import type { Entry } from "../store/entry.ts";

const COMPLEXITY_FLAG = 1n;

/** The password and lockout rules that govern an account. Durations are 100 ns units, positive. */
export interface PasswordPolicy {
  /** UTF-16 units. */
  readonly minLength: number;
  readonly complexity: boolean;
  /** How many passwords, the current one included, may not be used again. */
  readonly historyLength: number;
  readonly minAge: bigint;
  /** Undefined: passwords don't expire. */
  readonly maxAge: bigint | undefined;
  /** Wrong passwords until the account is locked; 0 for never. */
  readonly lockoutThreshold: number;
  /** Undefined: until an administrator unlocks. */
  readonly lockoutDuration: bigint | undefined;
  readonly observationWindow: bigint;
}

const limited = (duration: bigint): bigint | undefined =>
  duration === 0n || duration === FOREVER ? undefined : -duration;

/** The policy of a password settings object (MS-ADTS 3.1.1.4.5.36). */
export function settingsOf(settings: Entry): PasswordPolicy {
  return {
    minLength: Number(settings.integer("msds-minimumpasswordlength")),
    complexity: settings.text("msds-passwordcomplexityenabled") === "TRUE",
    historyLength: Number(settings.integer("msds-passwordhistorylength")),
    minAge: -settings.integer("msds-minimumpasswordage"),
    maxAge: limited(settings.integer("msds-maximumpasswordage")),
    lockoutThreshold: Number(settings.integer("msds-lockoutthreshold")),
    lockoutDuration: limited(settings.integer("msds-lockoutduration")),
    observationWindow: -settings.integer("msds-lockoutobservationwindow"),
  };
}

/** The policy of the domain as its head holds it at this moment (MS-ADTS 3.1.1.4.5.36). */
export function policyOf(domain: Entry): PasswordPolicy {
  return {
    minLength: Number(domain.integer("minpwdlength")),
    complexity: (domain.integer("pwdproperties") & COMPLEXITY_FLAG) !== 0n,
    historyLength: Number(domain.integer("pwdhistorylength")),
    minAge: -domain.integer("minpwdage"),
    maxAge: limited(domain.integer("maxpwdage")),
    lockoutThreshold: Number(domain.integer("lockoutthreshold")),
    lockoutDuration: limited(domain.integer("lockoutduration")),
    observationWindow: -domain.integer("lockoutobservationwindow"),
  };
}

import type { Violation } from "@password-writeback/protocol/violation.ts";
import type { Account } from "./account.ts";
import { isoTime } from "./fileTime.ts";
import { ASCII, missingClasses, nameIn } from "./passwordComplexity.ts";
import type { PasswordPolicy } from "./policy.ts";
import type { Told } from "./sambaDiagnostic.ts";

/** What a refused write had been, and what was read before it. */
export interface Attempt {
  readonly newPassword: string;
  /** Known in a change only. */
  readonly currentPassword?: string | undefined;
  /** Whether history and minimum age counted: in a change, and in a reset with policy hints. */
  readonly policyEnforced: boolean;
  readonly policy: PasswordPolicy;
  readonly account: Pick<
    Account,
    "pwdLastSet" | "accountName" | "displayName" | "passwordNotRequired"
  >;
  /** Whether the directory looks for names in passwords: Windows does, Samba does not. */
  readonly checksNames: boolean;
  /** FILETIME of the directory's clock before the write. */
  readonly now: bigint | undefined;
  /** A filter that the administrator says is in place, in the administrator's words. */
  readonly passwordFilter?: { readonly helpText?: string | undefined } | undefined;
}

/** What one rule says: broken, kept (or not in force), or that nobody can tell. */
type Finding = Violation | "kept" | "unsure";
type Rule = (attempt: Attempt) => Finding;

/** 100 ns: the directory's clock is read in whole seconds, and a little before the write. */
const CLOCK_TOLERANCE = 20_000_000n;
const REQUIRED_CLASSES = 3;
const CLASSES = 4;

const tooShort: Rule = ({ newPassword, policy: { minimumLength }, account }) => {
  if (account.passwordNotRequired) return "kept";
  if (minimumLength === undefined) return "unsure";
  if (newPassword.length < minimumLength) return { code: "tooShort", minimum: minimumLength };
  return "kept";
};

/** What is not ASCII may count as a class that only the directory knows. */
const notComplex: Rule = ({ newPassword, policy: { complexity } }) => {
  if (complexity === false) return "kept";
  const missing = missingClasses(newPassword);
  if (CLASSES - missing.length >= REQUIRED_CLASSES) return "kept";
  if (complexity === undefined || !ASCII.test(newPassword)) return "unsure";
  return { code: "notComplex", missing };
};

const containsName: Rule = ({ newPassword, policy, account, checksNames }) => {
  if (!checksNames || policy.complexity === false) return "kept";
  if (policy.complexity === undefined || account.accountName === undefined) return "unsure";
  return nameIn(newPassword, account) ? { code: "containsName" } : "kept";
};

const tooSoon: Rule = ({
  policyEnforced,
  policy: { minimumAge },
  account: { pwdLastSet },
  now,
}) => {
  if (!policyEnforced || minimumAge === 0n || pwdLastSet === 0n) return "kept";
  if (minimumAge === undefined || pwdLastSet === undefined || now === undefined) return "unsure";
  const allowed = pwdLastSet + minimumAge;
  if (allowed + CLOCK_TOLERANCE <= now) return "kept";
  const earliest = isoTime(allowed);
  if (allowed - CLOCK_TOLERANCE <= now || earliest === undefined) return "unsure";
  return { code: "tooSoon", earliest };
};

const sameAsCurrent: Rule = ({ currentPassword, newPassword, policy, account }) =>
  currentPassword === newPassword && policy.historyLength !== 0 && !account.passwordNotRequired
    ? { code: "sameAsCurrent" }
    : "kept";

const RULES: readonly Rule[] = [tooShort, notComplex, containsName, tooSoon, sameAsCurrent];

/**
 * Which rules a refused password broke. The rule that the directory named itself, where it did
 * (Samba); otherwise it says one and the same for all of them, so they are told by elimination from
 * what was read before the write: every rule that is certainly broken; if none is, and all were
 * seen to be kept, what is left. Where one of them could not be judged nothing is left over, and
 * the answer is `unknown`.
 */
export function explain(attempt: Attempt, told?: Told): Violation[] {
  const findings = RULES.map((rule) => rule(attempt));
  const broken = findings.filter((finding) => typeof finding === "object");
  if (told && "rule" in told) {
    const named = violationTold(told, attempt);
    const others = broken.filter(({ code }) => code !== named?.code);
    return named ? [named, ...others] : [...others, { code: "unknown" }];
  }
  if (broken.length > 0) return broken;
  return findings.includes("unsure") ? [{ code: "unknown" }] : leftOver(attempt);
}

/**
 * Undefined where its number or time is not known. In a reset the current password is not told
 * from a former one: who resets would learn from it what it is.
 */
function violationTold(
  told: Extract<Told, { rule: unknown }>,
  { newPassword, currentPassword, policy, account: { pwdLastSet } }: Attempt,
): Violation | undefined {
  const { historyLength: remembered, minimumAge } = policy;
  switch (told.rule) {
    case "tooShort":
      return { code: "tooShort", minimum: told.minimum };
    case "notComplex":
      return { code: "notComplex", missing: missingClasses(newPassword) };
    case "tooSoon": {
      if (pwdLastSet === undefined || minimumAge === undefined) return undefined;
      const earliest = isoTime(pwdLastSet + minimumAge);
      return earliest === undefined ? undefined : { code: "tooSoon", earliest };
    }
    default:
      if (told.rule === "sameAsCurrent" && currentPassword !== undefined)
        return { code: "sameAsCurrent" };
      return remembered ? { code: "inHistory", remembered } : undefined;
  }
}

/** History, where it counts; a filter, where one is known or history cannot be it. */
function leftOver(attempt: Attempt): Violation[] {
  const { policyEnforced, policy, account, passwordFilter } = attempt;
  const { helpText } = passwordFilter ?? {};
  const filtered = { code: "filtered", ...(helpText !== undefined && { helpText }) } as const;
  const remembered = policyEnforced && !account.passwordNotRequired ? policy.historyLength : 0;
  if (remembered === undefined) return [{ code: "unknown" }];
  if (remembered === 0) return [filtered];
  if (!passwordFilter) return [{ code: "inHistory", remembered }];
  return [
    { code: "inHistory", remembered, possibly: true },
    { ...filtered, possibly: true },
  ];
}

import type { Entry } from "../store/entry.ts";
import { controlOf } from "./accountState.ts";
import { characterClasses } from "./characterClasses.ts";
import { holdsName } from "./nameInPassword.ts";
import type { PasswordPolicy } from "./passwordPolicy.ts";
import type { Secret } from "./secret.ts";
import { UAC } from "./userAccountControl.ts";

/** How a password comes to be set: `hintedReset` is a reset with the policy-hints control. */
export type SetKind = "change" | "reset" | "hintedReset";

export interface Proposal {
  readonly kind: SetKind;
  readonly user: Entry;
  readonly secret: Secret;
  readonly policy: PasswordPolicy;
  /** UTF-16LE, without quotes. */
  readonly password: Buffer;
  readonly digest: Buffer;
  /** FILETIME. */
  readonly now: bigint;
}

interface Rule {
  readonly name: string;
  readonly kinds: readonly SetKind[];
  readonly isBroken: (proposal: Proposal) => boolean;
}

const ALL: readonly SetKind[] = ["change", "reset", "hintedReset"];
const NOT_PLAIN_RESET: readonly SetKind[] = ["change", "hintedReset"];
const MAX_UNITS = 256;
const REQUIRED_CLASSES = 3;

const units = (password: Buffer): number => password.length / 2;
const passwordNotRequired = ({ user }: Proposal): boolean =>
  (controlOf(user) & UAC.passwordNotRequired) !== 0;

/**
 * What a new password must satisfy (MS-SAMR 3.1.1.7.1 and 3.1.1.7.2; which rule applies to which
 * way of setting: MS-ADTS 3.1.1.3.4.1.27 for the hints). Every refusal looks the same to clients.
 */
const RULES: readonly Rule[] = [
  { name: "maximumLength", kinds: ALL, isBroken: (p) => units(p.password) > MAX_UNITS },
  {
    name: "minimumLength",
    kinds: ALL,
    isBroken: (p) => units(p.password) < p.policy.minLength && !passwordNotRequired(p),
  },
  {
    name: "complexity",
    kinds: ALL,
    isBroken: (p) =>
      p.policy.complexity && characterClasses(p.password.toString("utf16le")) < REQUIRED_CLASSES,
  },
  {
    name: "names",
    kinds: ALL,
    isBroken: (p) => p.policy.complexity && holdsName(p.password.toString("utf16le"), p.user),
  },
  {
    name: "minimumAge",
    kinds: NOT_PLAIN_RESET,
    isBroken: ({ user, policy, now }) => {
      const set = user.integer("pwdlastset");
      return set !== 0n && now < set + policy.minAge;
    },
  },
  {
    name: "history",
    kinds: NOT_PLAIN_RESET,
    isBroken: (p) =>
      p.policy.historyLength > 0 &&
      !passwordNotRequired(p) &&
      (p.secret.isCurrent(p.digest) || p.secret.isFormer(p.digest, p.policy.historyLength - 1)),
  },
];

/** Name of the first rule that the password breaks; undefined if it may be set. */
export const brokenRule = (proposal: Proposal): string | undefined =>
  RULES.find((rule) => rule.kinds.includes(proposal.kind) && rule.isBroken(proposal))?.name;

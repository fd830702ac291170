import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import type { OutcomeDetail } from "@password-writeback/protocol/outcome.ts";
import type { OperationName } from "@password-writeback/protocol/request.ts";
import { outsideScope } from "./scope.ts";
import type { ConfigurableRule, GuardSettings } from "./settings.ts";
import type { GuardSubject } from "./subject.ts";

/** What a rule may look at beside the account itself. */
export interface Circumstances {
  readonly settings: GuardSettings;
  /** Distinguished name below which the agent works. */
  readonly baseDn: string;
  readonly operation: Exclude<OperationName, "probe">;
  /** Whether "must change at next sign-in" was asked for. */
  readonly mustChange: boolean;
  /** SIDs of the agent's own account and its groups. */
  readonly ownSids: ReadonlySet<string>;
  /** FILETIME. */
  readonly now: bigint;
}

interface Row {
  readonly code: ErrorCode;
  readonly applies: (subject: GuardSubject, circumstances: Circumstances) => boolean;
  /** Whether the account's owner, knowing the password, may be let through. */
  readonly exceptOwner?: true;
}

/** `userAccountControl` (MS-ADTS 2.2.16). */
const UAC = {
  disabled: 0x2n,
  passwordNotRequired: 0x20n,
  trusts: 0x800n | 0x1000n | 0x2000n | 0x400_0000n,
  neverExpires: 0x1_0000n,
  smartcardRequired: 0x4_0000n,
  trustedForDelegation: 0x8_0000n | 0x100_0000n,
} as const;

const NORMAL_USER = 0x3000_0000n;
const TRUST_ACCOUNT = 0x3000_0002n;
const NOT_PEOPLE = [
  "computer",
  "msds-groupmanagedserviceaccount",
  "msds-managedserviceaccount",
  "msds-delegatedmanagedserviceaccount",
];

/** Well-known parts of SIDs (MS-DTYP 2.4.2.4). */
const RID = { administrator: 500, last: 504 } as const;
/** Domain, Schema and Enterprise Admins, domain controllers of every kind. */
const ADMINISTRATORS = [512, 516, 518, 519, 521, 498];
/**
 * Key Admins, Enterprise Key Admins, Group Policy Creator Owners, Cert Publishers, Cloneable DCs.
 */
const TIER_ZERO = [526, 527, 520, 517, 522];
const PROTECTED_USERS = [525];
const BUILTIN_ADMINISTRATORS = [544];
/** Account, Server, Print, Backup Operators, Replicator, forest trust builders, Hyper-V Admins. */
const OPERATORS = [548, 549, 550, 551, 552, 557, 578];

const DOMAIN_GROUP = /^S-1-5-21-\d+-\d+-\d+-(\d+)$/;
const BUILTIN_GROUP = /^S-1-5-32-(\d+)$/;

const has = ({ control }: GuardSubject, bits: bigint): boolean => (control & bits) !== 0n;

/** Members of a group with one of these relative identifiers, in whatever domain of the forest. */
const isIn = (kind: RegExp, rids: readonly number[]) => {
  const wanted = new Set(rids.map(String));
  return ({ groups }: GuardSubject): boolean => {
    for (const group of groups) {
      const rid = kind.exec(group)?.[1];
      if (rid !== undefined && wanted.has(rid)) return true;
    }
    return false;
  };
};

const inAdministrators = isIn(DOMAIN_GROUP, ADMINISTRATORS);
const inBuiltinAdministrators = isIn(BUILTIN_GROUP, BUILTIN_ADMINISTRATORS);

/** Rules that nobody can switch off, in the order in which they are judged. */
export const FIXED_RULES = {
  ownAccount: {
    code: "accountOfTheAgent",
    applies: ({ sid }, { ownSids }) => ownSids.has(sid),
  },
  synchronisation: {
    code: "accountOfSynchronisation",
    applies: ({ accountName }) => /^(?:MSOL|AAD)_/i.test(accountName),
  },
  notPerson: {
    code: "accountNotPerson",
    applies: ({ classes, accountType }) =>
      !classes.has("user") ||
      NOT_PEOPLE.some((name) => classes.has(name)) ||
      (accountType !== NORMAL_USER && accountType !== TRUST_ACCOUNT),
  },
  trust: {
    code: "accountTrust",
    applies: (subject) => subject.accountType === TRUST_ACCOUNT || has(subject, UAC.trusts),
  },
  builtIn: {
    code: "accountProtected",
    applies: ({ rid, isCritical }) => isCritical || (rid >= RID.administrator && rid <= RID.last),
  },
  rodcKrbtgt: { code: "accountProtected", applies: ({ isRodcKrbtgt }) => isRodcKrbtgt },
  administrators: {
    code: "accountProtected",
    applies: (subject) => inAdministrators(subject) || inBuiltinAdministrators(subject),
    exceptOwner: true,
  },
  tierZero: { code: "accountProtected", applies: isIn(DOMAIN_GROUP, TIER_ZERO), exceptOwner: true },
  operators: {
    code: "accountProtected",
    applies: isIn(BUILTIN_GROUP, OPERATORS),
    exceptOwner: true,
  },
  outOfScope: { code: "accountOutOfScope", applies: outsideScope },
} as const satisfies Record<string, Row>;

/** Rules whose effect the configuration names, in the order in which they are judged. */
export const CONFIGURABLE_RULES = {
  protectedGroup: {
    code: "accountProtected",
    applies: ({ groups }, { settings }) => settings.protectedGroups.some((sid) => groups.has(sid)),
    exceptOwner: true,
  },
  protectedUsers: {
    code: "accountInProtectedUsers",
    applies: isIn(DOMAIN_GROUP, PROTECTED_USERS),
    exceptOwner: true,
  },
  staleProtection: {
    code: "accountStaleProtection",
    applies: ({ adminCount }) => adminCount !== 0n,
    exceptOwner: true,
  },
  service: { code: "accountIsService", applies: ({ hasServiceNames }) => hasServiceNames },
  smartcardOnly: {
    code: "accountSmartcardOnly",
    applies: (subject) => has(subject, UAC.smartcardRequired),
  },
  trustedForDelegation: {
    code: "accountTrustedForDelegation",
    applies: (subject) => subject.mayDelegate || has(subject, UAC.trustedForDelegation),
  },
  disabled: { code: "accountDisabled", applies: (subject) => has(subject, UAC.disabled) },
  expired: {
    code: "accountExpired",
    applies: ({ expires }, { now }) => expires !== 0n && expires <= now,
  },
  passwordNotRequired: {
    code: "accountPasswordNotRequired",
    applies: (subject) => has(subject, UAC.passwordNotRequired),
  },
  neverExpires: {
    code: "accountNeverExpires",
    applies: (subject, { mustChange }) => mustChange && has(subject, UAC.neverExpires),
  },
  changeDenied: {
    code: "changeNotAllowed",
    applies: ({ changeDenied }, { operation }) => operation === "change" && changeDenied === true,
  },
  resetThoughDenied: {
    code: "changeNotAllowed",
    applies: ({ changeDenied }, { operation }) => operation === "reset" && changeDenied === true,
  },
} as const satisfies Record<ConfigurableRule, Row>;

export type FixedRule = keyof typeof FIXED_RULES;
export type RuleName = FixedRule | ConfigurableRule;

/** The account's password never gets too old, so "must change" has no effect on it. */
export const ignoresMustChange = (subject: GuardSubject): boolean =>
  has(subject, UAC.neverExpires) || has(subject, UAC.smartcardRequired);

/** What stands in nobody's way to write, but makes a password of little use. */
export type AccountNotes = Pick<OutcomeDetail, "accountDisabled" | "accountExpired">;

/** Told whatever the settings make of the rules. */
export const notesOn = (subject: GuardSubject, circumstances: Circumstances): AccountNotes => ({
  ...(CONFIGURABLE_RULES.disabled.applies(subject) && { accountDisabled: true }),
  ...(CONFIGURABLE_RULES.expired.applies(subject, circumstances) && { accountExpired: true }),
});

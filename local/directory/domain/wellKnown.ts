import { UAC } from "../accounts/userAccountControl.ts";

interface WellKnownGroup {
  readonly name: string;
  /** Relative identifier: in the domain, or in `S-1-5-32`. */
  readonly id: number;
  readonly type: number;
}

const GLOBAL = -0x7fff_fffe;
const DOMAIN_LOCAL = -0x7fff_fffc;
const UNIVERSAL = -0x7fff_fff8;
const BUILTIN_LOCAL = -0x7fff_fffb;

/** Groups of a new domain (MS-DTYP 2.4.2.4). */
export const DOMAIN_GROUPS: readonly WellKnownGroup[] = [
  { name: "Domain Admins", id: 512, type: GLOBAL },
  { name: "Domain Users", id: 513, type: GLOBAL },
  { name: "Domain Guests", id: 514, type: GLOBAL },
  { name: "Domain Computers", id: 515, type: GLOBAL },
  { name: "Domain Controllers", id: 516, type: GLOBAL },
  { name: "Cert Publishers", id: 517, type: DOMAIN_LOCAL },
  { name: "Schema Admins", id: 518, type: UNIVERSAL },
  { name: "Enterprise Admins", id: 519, type: UNIVERSAL },
  { name: "Group Policy Creator Owners", id: 520, type: GLOBAL },
  { name: "Read-only Domain Controllers", id: 521, type: GLOBAL },
  { name: "Cloneable Domain Controllers", id: 522, type: GLOBAL },
  { name: "Protected Users", id: 525, type: GLOBAL },
  { name: "Key Admins", id: 526, type: GLOBAL },
  { name: "Enterprise Key Admins", id: 527, type: UNIVERSAL },
];

/** Groups below `CN=Builtin`. */
export const BUILTIN_GROUPS: readonly WellKnownGroup[] = [
  { name: "Administrators", id: 544, type: BUILTIN_LOCAL },
  { name: "Users", id: 545, type: BUILTIN_LOCAL },
  { name: "Guests", id: 546, type: BUILTIN_LOCAL },
  { name: "Account Operators", id: 548, type: BUILTIN_LOCAL },
  { name: "Server Operators", id: 549, type: BUILTIN_LOCAL },
  { name: "Print Operators", id: 550, type: BUILTIN_LOCAL },
  { name: "Backup Operators", id: 551, type: BUILTIN_LOCAL },
  { name: "Replicator", id: 552, type: BUILTIN_LOCAL },
];

interface WellKnownUser {
  readonly name: string;
  readonly id: number;
  readonly control: number;
  readonly memberOf: readonly string[];
}

export const WELL_KNOWN_USERS: readonly WellKnownUser[] = [
  {
    name: "Administrator",
    id: 500,
    control: UAC.normalAccount | UAC.passwordNeverExpires,
    memberOf: ["Administrators", "Domain Admins", "Enterprise Admins", "Schema Admins"],
  },
  {
    name: "Guest",
    id: 501,
    control: UAC.normalAccount | UAC.passwordNotRequired | UAC.disabled,
    memberOf: ["Guests"],
  },
  { name: "krbtgt", id: 502, control: UAC.normalAccount | UAC.disabled, memberOf: [] },
];

/** Policy of a new domain; durations are negative 100 ns units. */
export const DEFAULT_POLICY = {
  minPwdLength: 7,
  pwdHistoryLength: 24,
  pwdProperties: 1,
  minPwdAge: -864_000_000_000n,
  maxPwdAge: -36_288_000_000_000n,
  lockoutThreshold: 0,
  lockoutDuration: -18_000_000_000n,
  lockOutObservationWindow: -18_000_000_000n,
  "msDS-Behavior-Version": 7,
} as const;

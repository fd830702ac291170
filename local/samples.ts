/** The sample organisation of the local stack: who exists, with which state and password. */

export const DOMAIN = "corp.example";
export const BASE_DN = "DC=corp,DC=example";
export const STAFF_OU = `OU=Staff,${BASE_DN}`;
/** Outside the scope of the local agent, though its account holds the rights there too. */
export const PARTNERS_OU = `OU=Partners,${BASE_DN}`;
export const SERVICE_OU = `OU=Service,${BASE_DN}`;
export const CONNECTOR = "corp";

/** Name on the certificate of the local domain controller. */
export const DC_HOST = "dc1.corp.example";

/** Account that the agent binds as; it holds the delegated rights and nothing else. */
export const SERVICE_ACCOUNT = { name: "svc-writeback", password: "Wr1teback-Service!" } as const;

/** Account that the probe reads: never used to sign in. */
export const CANARY = { name: "svc-canary", password: "C4nary-never-signs-in" } as const;

export type SampleKind =
  | "ordinary"
  | "locked"
  | "mustChange"
  | "disabled"
  | "cloudOnly"
  | "protected"
  | "nestedProtected"
  | "outOfScope"
  | "neverExpires"
  | "strictPolicy"
  | "recentlyChanged"
  | "roleHolder";

export interface SampleUser {
  /** Object id in the cloud. */
  readonly id: string;
  /** sAMAccountName, and the part of the UPN before the `@`. */
  readonly name: string;
  readonly givenName: string;
  readonly surname: string;
  readonly password: string;
  readonly about: SampleKind;
  /** Raw 16 bytes of `mS-DS-ConsistencyGuid` in Base64: the source anchor. */
  readonly sourceAnchor: string;
}

export const userPrincipalName = (user: { readonly name: string }): string =>
  `${user.name}@${DOMAIN}`;

const id = (last: number): string => `5a3f1c00-0000-4000-8000-0000000000${10 + last}`;
const anchor = (last: number): string =>
  Buffer.from(`c0ffee0000000000fe80ff00000000${10 + last}`, "hex").toString("base64");

const sample = (
  last: number,
  name: string,
  givenName: string,
  surname: string,
  password: string,
  about: SampleKind,
): SampleUser => ({
  id: id(last),
  name,
  givenName,
  surname,
  password,
  about,
  sourceAnchor: anchor(last),
});

/** `tokens.user` of the local stack is the first one's. */
export const SAMPLE_USERS: readonly SampleUser[] = [
  sample(1, "alex", "Alex", "Moreau", "Blue-Harbour-41", "ordinary"),
  sample(2, "sam", "Sam", "Okafor", "Green-Lantern-52", "ordinary"),
  sample(3, "lee", "Lee", "Novak", "Quiet-Meadow-63", "locked"),
  sample(4, "mia", "Mia", "Lindqvist", "Paper-Compass-74", "mustChange"),
  sample(5, "dora", "Dora", "Weiss", "Silver-Anchor-85", "disabled"),
  sample(6, "cleo", "Cleo", "Sato", "Cloud-Only-User-96", "cloudOnly"),
  sample(7, "ada", "Ada", "Ferrant", "Marble-Window-07", "protected"),
  sample(8, "nils", "Nils", "Haugen", "Velvet-Bridge-18", "nestedProtected"),
  sample(9, "otto", "Otto", "Perrin", "Linen-Garden-29", "outOfScope"),
  sample(10, "nora", "Nora", "Dahl", "Cedar-Station-30", "neverExpires"),
  sample(20, "stella", "Stella", "Brandt", "Granite-Lighthouse-27", "strictPolicy"),
  sample(21, "remy", "Remy", "Castel", "Amber-Orchard-38", "recentlyChanged"),
  sample(22, "ines", "Ines", "Marques", "Copper-Fountain-49", "roleHolder"),
];

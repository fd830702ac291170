/** A delegated permission of the API, as Graph writes it. */
export interface Scope {
  readonly id: string;
  readonly value: string;
  /** Whether people may consent for themselves. */
  readonly type: "User" | "Admin";
  readonly adminConsentDisplayName: string;
  readonly adminConsentDescription: string;
  readonly userConsentDisplayName: string;
  readonly userConsentDescription: string;
  readonly isEnabled: true;
}

/** An app role of the API, as Graph writes it. */
export interface AppRole {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
  readonly allowedMemberTypes: readonly ("User" | "Application")[];
  readonly isEnabled: true;
}

const scope = (id: string, value: string, type: Scope["type"], text: string): Scope => ({
  id,
  value,
  type,
  adminConsentDisplayName: text,
  adminConsentDescription: `Allows the application to ${lower(text)}, as the signed-in person.`,
  userConsentDisplayName: text,
  userConsentDescription: `Allows the application to ${lower(text)}.`,
  isEnabled: true,
});

const role = (
  id: string,
  value: string,
  allowedMemberTypes: AppRole["allowedMemberTypes"],
  displayName: string,
  description: string,
): AppRole => ({ id, value, displayName, description, allowedMemberTypes, isEnabled: true });

const lower = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** Ids are the same in every tenant: what was assigned stays assigned. */
export const SCOPES: readonly Scope[] = [
  scope(
    "4b1b7a3e-6b0d-4f5e-9c53-0a5d7f2e1c01",
    "Password.ReadWrite",
    "User",
    "Change, reset and unlock one's own password",
  ),
  scope(
    "4b1b7a3e-6b0d-4f5e-9c53-0a5d7f2e1c02",
    "UserAuthenticationMethod.ReadWrite.All",
    "Admin",
    "Reset and unlock other people's passwords",
  ),
  scope(
    "4b1b7a3e-6b0d-4f5e-9c53-0a5d7f2e1c03",
    "Writeback.Operate",
    "Admin",
    "Operate password writeback",
  ),
];

/**
 * Those that the guards ask for, and `Person`: since assignment is required and an application with
 * app roles has no assignment without one, people who help themselves need one too.
 */
export const APP_ROLES: readonly AppRole[] = [
  role(
    "d86f0a52-3c1e-4a77-8f6b-51c2e9b4aa01",
    "SelfService.ReadWrite.All",
    ["Application"],
    "Self-service portal",
    "Changes, resets and unlocks for people whose identity the portal has proved.",
  ),
  role(
    "d86f0a52-3c1e-4a77-8f6b-51c2e9b4aa02",
    "Agent",
    ["Application"],
    "Agent",
    "Carries out requests in the directory. For the agents' own applications.",
  ),
  role(
    "d86f0a52-3c1e-4a77-8f6b-51c2e9b4aa03",
    "PasswordAdministrator",
    ["User"],
    "Password administrator",
    "May help other people, as far as their own Entra roles reach.",
  ),
  role(
    "d86f0a52-3c1e-4a77-8f6b-51c2e9b4aa04",
    "Operator",
    ["User", "Application"],
    "Operator",
    "Runs the service: settings, agents, trust list, audit.",
  ),
  role(
    "d86f0a52-3c1e-4a77-8f6b-51c2e9b4aa05",
    "Automation",
    ["Application"],
    "Automation",
    "Scripts and flows without a person; for members of one group only.",
  ),
  role(
    "d86f0a52-3c1e-4a77-8f6b-51c2e9b4aa06",
    "Person",
    ["User"],
    "Person",
    "May sign in to the API, for their own account. Gives no other right.",
  ),
];

/**
 * Optional claims of access tokens: `idtyp` tells programs from people, `xms_cc` who understands a
 * challenge, `acrs` a step-up; `auth_time` is for the logs.
 */
export const ACCESS_TOKEN_CLAIMS: readonly string[] = ["idtyp", "xms_cc", "acrs", "auth_time"];

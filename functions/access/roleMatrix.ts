import type { HeldRoles, RoleMark } from "../people/roles.ts";
import { ENTRA_ROLES } from "./entraRoles.ts";

/** The roles that give a right to help others; one column each. */
export const HELPERS = [
  "passwordAdministrator",
  "helpdeskAdministrator",
  "authenticationAdministrator",
  "userAdministrator",
  "privilegedAuthenticationAdministrator",
  "globalAdministrator",
] as const satisfies readonly (keyof typeof ENTRA_ROLES)[];
export type Helper = (typeof HELPERS)[number];

/** Who may help somebody of whom this is true. */
export interface MatrixRow {
  readonly target: keyof typeof ENTRA_ROLES | RoleMark | "noRole" | "anyOtherRole";
  readonly helpers: readonly Helper[];
}

const HIGHEST: readonly Helper[] = ["privilegedAuthenticationAdministrator", "globalAdministrator"];
const WITH_USER: readonly Helper[] = ["userAdministrator", ...HIGHEST];
const ALL_BUT_PASSWORD: readonly Helper[] = [
  "helpdeskAdministrator",
  "authenticationAdministrator",
  ...WITH_USER,
];

const ANY_OTHER_ROLE: MatrixRow = { target: "anyOtherRole", helpers: HIGHEST };
const NO_ROLE: MatrixRow = { target: "noRole", helpers: HELPERS };

/**
 * Microsoft's table "Who can reset passwords" (privileged roles and permissions in Microsoft Entra
 * ID), for roles in the whole tenant. Partner Tier1 and Tier2 Support, which the text below that
 * table lets reset passwords too, give no right here: they are deprecated.
 */
export const ROLE_MATRIX: readonly MatrixRow[] = [
  NO_ROLE,
  { target: "directoryReaders", helpers: HELPERS },
  { target: "guestInviter", helpers: HELPERS },
  { target: "passwordAdministrator", helpers: HELPERS },
  { target: "messageCenterReader", helpers: ALL_BUT_PASSWORD },
  { target: "reportsReader", helpers: ALL_BUT_PASSWORD },
  { target: "userExperienceSuccessManager", helpers: ALL_BUT_PASSWORD },
  { target: "usageSummaryReportsReader", helpers: ALL_BUT_PASSWORD },
  { target: "helpdeskAdministrator", helpers: ["helpdeskAdministrator", ...WITH_USER] },
  { target: "authenticationAdministrator", helpers: ["authenticationAdministrator", ...HIGHEST] },
  { target: "groupsAdministrator", helpers: WITH_USER },
  { target: "userAdministrator", helpers: WITH_USER },
  { target: "privilegedAuthenticationAdministrator", helpers: HIGHEST },
  { target: "privilegedRoleAdministrator", helpers: HIGHEST },
  { target: "globalAdministrator", helpers: HIGHEST },
  { target: "roleAssignableGroup", helpers: HIGHEST },
  { target: "scopedRole", helpers: HIGHEST },
  ANY_OTHER_ROLE,
];

const NAMES = new Map<string, string>(Object.entries(ENTRA_ROLES).map(([name, id]) => [id, name]));
const ROWS = new Map<string, MatrixRow>(ROLE_MATRIX.map((row) => [row.target, row]));

/**
 * Whether somebody who holds these roles in the whole tenant may help somebody who holds those: one
 * of the caller's roles must do for everything that the other one holds.
 * @param caller ids of role definitions
 */
export function mayHelp(caller: ReadonlySet<string>, target: HeldRoles): boolean {
  const rows = rowsOf(target);
  return HELPERS.some(
    (helper) =>
      caller.has(ENTRA_ROLES[helper]) && rows.every(({ helpers }) => helpers.includes(helper)),
  );
}

function rowsOf({ roles, marks }: HeldRoles): readonly MatrixRow[] {
  const held = [...[...roles].map((id) => NAMES.get(id) ?? ANY_OTHER_ROLE.target), ...marks];
  if (held.length === 0) return [NO_ROLE];
  return held.map((name) => ROWS.get(name) ?? ANY_OTHER_ROLE);
}

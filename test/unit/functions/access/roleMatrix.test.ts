import { ENTRA_ROLES } from "../../../../functions/access/entraRoles.ts";
import {
  HELPERS,
  type Helper,
  mayHelp,
  ROLE_MATRIX,
} from "../../../../functions/access/roleMatrix.ts";
import type { HeldRoles, RoleMark } from "../../../../functions/people/roles.ts";

const PARTNER_TIER_1 = "4ba39ca4-527c-499a-b93d-d9b492c50246";
const PARTNER_TIER_2 = "e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8";
const GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const CUSTOM = "11111111-2222-4333-8444-555555555555";

const COLUMNS: readonly [string, Helper][] = [
  ["PA", "passwordAdministrator"],
  ["HA", "helpdeskAdministrator"],
  ["AA", "authenticationAdministrator"],
  ["UA", "userAdministrator"],
  ["PAA", "privilegedAuthenticationAdministrator"],
  ["GA", "globalAdministrator"],
];

const holding = (roles: readonly string[], ...marks: RoleMark[]): HeldRoles => ({
  roles: new Set(roles),
  marks: new Set(marks),
});
const role = (name: keyof typeof ENTRA_ROLES): HeldRoles => holding([ENTRA_ROLES[name]]);

/** Microsoft's table, written down once more, cell by cell: who is helped, and by whom. */
const CELLS: readonly [string, HeldRoles, string][] = [
  ["no role", holding([]), "PA HA AA UA PAA GA"],
  ["Directory Readers", role("directoryReaders"), "PA HA AA UA PAA GA"],
  ["Guest Inviter", role("guestInviter"), "PA HA AA UA PAA GA"],
  ["Password Administrator", role("passwordAdministrator"), "PA HA AA UA PAA GA"],
  ["Message Center Reader", role("messageCenterReader"), "HA AA UA PAA GA"],
  ["Reports Reader", role("reportsReader"), "HA AA UA PAA GA"],
  ["User Experience Success Manager", role("userExperienceSuccessManager"), "HA AA UA PAA GA"],
  ["Usage Summary Reports Reader", role("usageSummaryReportsReader"), "HA AA UA PAA GA"],
  ["Helpdesk Administrator", role("helpdeskAdministrator"), "HA UA PAA GA"],
  ["Authentication Administrator", role("authenticationAdministrator"), "AA PAA GA"],
  ["Groups Administrator", role("groupsAdministrator"), "UA PAA GA"],
  ["User Administrator", role("userAdministrator"), "UA PAA GA"],
  [
    "Privileged Authentication Administrator",
    role("privilegedAuthenticationAdministrator"),
    "PAA GA",
  ],
  ["Privileged Role Administrator", role("privilegedRoleAdministrator"), "PAA GA"],
  ["Global Administrator", role("globalAdministrator"), "PAA GA"],
  ["a role-assignable group", holding([], "roleAssignableGroup"), "PAA GA"],
  ["a role over a part", holding([ENTRA_ROLES.directoryReaders], "scopedRole"), "PAA GA"],
  ["another built-in role", holding([GLOBAL_READER]), "PAA GA"],
  ["Partner Tier2 Support", holding([PARTNER_TIER_2]), "PAA GA"],
  ["a custom role", holding([CUSTOM]), "PAA GA"],
  ["a role that is not told", holding(["untold"]), "PAA GA"],
];

const cells = CELLS.flatMap(([target, held, helpers]) =>
  COLUMNS.map(
    ([short, helper]) => [short, target, held, helper, helpers.split(" ").includes(short)] as const,
  ),
);

test.each(cells)("%s on somebody with %s", (_short, _target, held, helper, expected) => {
  expect(mayHelp(new Set([ENTRA_ROLES[helper]]), held)).toBe(expected);
});

test("there are no cells but these", () => {
  expect(COLUMNS.map(([, helper]) => helper)).toEqual(HELPERS);
  const different = new Set(
    CELLS.map(([, held]) => JSON.stringify([...held.roles, ...held.marks])),
  );
  expect(different.size).toBe(CELLS.length);
  // The last four share one row.
  expect(ROLE_MATRIX).toHaveLength(CELLS.length - 3);
});

test.each([
  ["no role", []],
  ["Global Reader", [GLOBAL_READER]],
  ["both partner roles, which are deprecated", [PARTNER_TIER_1, PARTNER_TIER_2]],
  ["Privileged Role Administrator", [ENTRA_ROLES.privilegedRoleAdministrator]],
  ["Groups Administrator", [ENTRA_ROLES.groupsAdministrator]],
  ["a custom role", [CUSTOM]],
])("%s helps nobody", (_, roles) => {
  for (const [, held] of CELLS) expect(mayHelp(new Set(roles), held)).toBe(false);
});

test("of several roles on the target each must be passed, by one and the same role", () => {
  const { helpdeskAdministrator, authenticationAdministrator, guestInviter } = ENTRA_ROLES;
  const both = holding([helpdeskAdministrator, authenticationAdministrator]);
  expect(mayHelp(new Set([helpdeskAdministrator]), both)).toBe(false);
  expect(mayHelp(new Set([authenticationAdministrator]), both)).toBe(false);
  expect(mayHelp(new Set([helpdeskAdministrator, authenticationAdministrator]), both)).toBe(false);
  expect(mayHelp(new Set([ENTRA_ROLES.globalAdministrator]), both)).toBe(true);
  const harmless = holding([guestInviter, helpdeskAdministrator]);
  expect(mayHelp(new Set([helpdeskAdministrator]), harmless)).toBe(true);
  expect(mayHelp(new Set([helpdeskAdministrator]), holding([guestInviter, CUSTOM]))).toBe(false);
});

test("of several roles on the caller any will do", () => {
  const roles = new Set([CUSTOM, ENTRA_ROLES.passwordAdministrator, ENTRA_ROLES.userAdministrator]);
  expect(mayHelp(roles, role("groupsAdministrator"))).toBe(true);
});

test("no role makes up for a mark", () => {
  const marked = holding([ENTRA_ROLES.guestInviter], "roleAssignableGroup");
  expect(mayHelp(new Set([ENTRA_ROLES.userAdministrator]), marked)).toBe(false);
});

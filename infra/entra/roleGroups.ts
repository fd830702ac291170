import type { ApiRegistration } from "./apiRegistration.ts";
import type { Desk } from "./desk.ts";
import { MAKE } from "./profile.ts";
import { holdersOf, nameOf, tellOthers, tellWhoMayJoin } from "./roleHolders.ts";
import {
  ensureSecurityGroup,
  findSecurityGroup,
  type NewGroup,
  type SecurityGroup,
} from "./securityGroup.ts";
import { assign } from "./servicePrincipal.ts";

/** Groups whose members hold an app role of the API, as the profile calls them. */
export const ROLE_GROUPS = {
  operators: {
    role: "Operator",
    whose: "Operators' group",
    new: {
      suffix: "operators",
      what: "the security group of the operators, which can hold Entra roles",
      displayName: "Password Writeback operators",
      description: "Run Password Writeback, and may sign its trust lists.",
      // Who is in it says whom agents trust: no manager of groups may add themselves, and no
      // helpdesk may reset a member's password.
      isAssignableToRole: true,
    },
  },
  helpdesk: {
    role: "PasswordAdministrator",
    whose: "Helpdesk's group",
    new: {
      suffix: "helpdesk",
      what: "the security group of the helpdesk",
      displayName: "Password Writeback helpdesk",
      description: "May help other people, as far as their own Entra roles reach.",
    },
  },
  people: {
    role: "Person",
    whose: "People's group",
    new: {
      suffix: "people",
      what: "the security group of the people who help themselves",
      displayName: "Password Writeback people",
      description: "May sign in to Password Writeback, for their own account.",
    },
  },
} as const satisfies Readonly<
  Record<string, { readonly role: string; readonly whose: string; readonly new: NewGroup }>
>;
export type RoleGroup = keyof typeof ROLE_GROUPS;

const NAMES: readonly RoleGroup[] = ["operators", "helpdesk", "people"];
/** Their other holders are told; `Person` gives no right by itself, and thousands may hold it. */
const TOLD: readonly RoleGroup[] = ["operators", "helpdesk"];

/**
 * Finds or makes the groups that the profile names, and gives each its app role of the API. Takes
 * nothing away; tells who else holds the roles, and who could add themselves to the operators.
 * @param principalId the API's service principal; `undefined` where there is none yet
 * @returns object ids, of those that are there
 * @throws CommandError
 */
export async function ensureRoleGroups(
  desk: Desk,
  api: ApiRegistration | undefined,
  principalId: string | undefined,
): Promise<Partial<Record<RoleGroup, string>>> {
  const { profile, print } = desk;
  const wanted = NAMES.filter((name) => profile.groups[name] !== undefined);
  if (wanted.length === 0) return {};
  const holders = principalId === undefined ? [] : await holdersOf(desk, principalId);
  const ids: Partial<Record<RoleGroup, string>> = {};
  for (const name of wanted) {
    const { role } = ROLE_GROUPS[name];
    const group = await findOrMake(desk, name);
    const appRole = api?.appRoles.find(({ value }) => value === role);
    if (group) ids[name] = group.id;
    if (!group || !appRole || principalId === undefined) {
      print(`Then the group gets the app role "${role}".`);
      continue;
    }
    const having = holders.filter(({ appRoleId }) => appRoleId === appRole.id.toLowerCase());
    if (!having.some(({ principalId: held }) => held === group.id.toLowerCase()))
      await assign(desk, `gives the group "${nameOf(group)}" the app role "${role}"`, {
        principalId: group.id,
        resourceId: principalId,
        appRoleId: appRole.id,
      });
    if (TOLD.includes(name)) tellOthers(desk, role, having, group);
    if (name === "operators") await tellWhoMayJoin(desk, group);
  }
  return ids;
}

async function findOrMake(desk: Desk, name: RoleGroup): Promise<SecurityGroup | undefined> {
  const given = desk.profile.groups[name];
  if (given === undefined || given === MAKE)
    return ensureSecurityGroup(desk, ROLE_GROUPS[name].new);
  return findSecurityGroup(desk, given);
}

/** A kind of call that sets up the tenant, and what it takes of whoever makes it. */
export interface Right {
  readonly of: string;
  /** Commands that make such calls. */
  readonly by: readonly string[];
  /** Paths behind `/v1.0`; the first right that fits is the one. */
  readonly path: RegExp;
  /** Role in Entra of a person. */
  readonly role: string;
  /** Application permission of Microsoft Graph. */
  readonly permission: string;
}

const CLOUD_APPLICATION_ADMINISTRATOR = "Cloud Application Administrator";

/** Every kind of call that the commands make. `docs/entra.md` has the same table. */
export const RIGHTS: readonly Right[] = [
  {
    of: "app roles",
    by: ["api", "client", "agent", "functions"],
    path: /\/appRoleAssignedTo$/,
    role:
      `${CLOUD_APPLICATION_ADMINISTRATOR}; ` +
      "for those of Microsoft Graph: Privileged Role Administrator",
    permission: "AppRoleAssignment.ReadWrite.All",
  },
  {
    of: "scopes, consented for all",
    by: ["client"],
    path: /\/oauth2PermissionGrants(?:\/[^/]+)?$/,
    role: CLOUD_APPLICATION_ADMINISTRATOR,
    permission: "DelegatedPermissionGrant.ReadWrite.All",
  },
  {
    of: "registrations and service principals",
    by: ["api", "client", "agent", "functions"],
    path: /^\/(?:applications|servicePrincipals)\b/,
    role: CLOUD_APPLICATION_ADMINISTRATOR,
    permission: "Application.ReadWrite.All",
  },
  {
    of: "groups and their members",
    by: ["api", "agent"],
    path: /^\/groups\b/,
    role: "Groups Administrator",
    permission: "Group.ReadWrite.All",
  },
];

/** Making a group that can hold Entra roles, beside the right to make groups. */
export const ROLE_ASSIGNABLE_GROUP: Omit<Right, "path"> = {
  of: "a group that can hold Entra roles",
  by: ["api"],
  role: "Privileged Role Administrator",
  permission: "RoleManagement.ReadWrite.Directory",
};

/** What a refused call takes, as the person at the keyboard is told. */
export function whatItTakes(path: string, body: object | undefined): string {
  if (body && "isAssignableToRole" in body)
    return told(ROLE_ASSIGNABLE_GROUP.role, [
      "Group.ReadWrite.All",
      ROLE_ASSIGNABLE_GROUP.permission,
    ]);
  const right = RIGHTS.find((one) => one.path.test(path));
  return right ? told(right.role, [right.permission]) : "";
}

const told = (role: string, permissions: readonly string[]): string =>
  `It takes the role "${role}", or of an application ${permissions.join(" and ")}.`;

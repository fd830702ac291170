/** A call of Microsoft Graph v1.0 that the functions make, and what it takes. */
export interface GraphNeed {
  readonly method: "GET" | "POST";
  /** Behind `/v1.0`, without the query; `{id}` stands for any one segment. */
  readonly path: string;
  /** Application permissions, all of them, that the answer is whole with. */
  readonly permissions: readonly string[];
}

const USERS = "User.Read.All";
const GROUPS = "GroupMember.Read.All";
const ROLES = "RoleManagement.Read.Directory";
const ELIGIBLE_GROUPS = "PrivilegedEligibilitySchedule.Read.AzureADGroup";

/**
 * Every call of Graph that the functions' identity makes. A call that is not here has no
 * permission in a deployment: tests run the callers in `functions/people/` and compare.
 */
export const GRAPH_NEEDS: readonly GraphNeed[] = [
  { method: "GET", path: "/users/{id}", permissions: [USERS] },
  {
    method: "GET",
    path: "/roleManagement/directory/roleAssignments",
    permissions: [ROLES],
  },
  {
    method: "GET",
    path: "/roleManagement/directory/roleEligibilityScheduleInstances",
    permissions: [ROLES],
  },
  { method: "GET", path: "/users/{id}/transitiveMemberOf", permissions: [GROUPS] },
  { method: "GET", path: "/users/{id}/memberOf", permissions: [GROUPS] },
  { method: "GET", path: "/users/{id}/ownedObjects", permissions: [GROUPS, USERS] },
  {
    method: "GET",
    path: "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances",
    permissions: [ELIGIBLE_GROUPS],
  },
  { method: "POST", path: "/users/{id}/checkMemberGroups", permissions: [GROUPS] },
  { method: "GET", path: "/groups/{id}", permissions: [GROUPS] },
];

/** The application permissions of the functions' identity, each once, and no more than these. */
export const GRAPH_PERMISSIONS: readonly string[] = [
  ...new Set(GRAPH_NEEDS.flatMap(({ permissions }) => permissions)),
];

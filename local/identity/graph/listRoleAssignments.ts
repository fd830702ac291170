import type { GraphCall } from "./graphCall.ts";
import { page } from "./page.ts";
import { principalAskedFor } from "./principalFilter.ts";
import type { RoleAssignment } from "./roles.ts";

/** `GET /roleManagement/directory/roleAssignments`: the active ones. Never met Graph. */
export const listRoleAssignments: GraphCall = {
  method: "GET",
  path: /^\/roleManagement\/directory\/roleAssignments$/,
  permissions: ["RoleManagement.Read.Directory", "RoleManagement.Read.All", "Directory.Read.All"],
  answer: ({ roles, paging }, _segments, request) => {
    const principal = principalAskedFor(request);
    const found = roles.facts.assigned.filter(({ principalId }) => principalId === principal);
    const context = "roleManagement/directory/roleAssignments";
    return page(found.map(asGraphSays), context, request, paging);
  },
};

const asGraphSays = (held: RoleAssignment, at: number) => ({
  id: `${Buffer.from(`${held.principalId}${held.roleDefinitionId}`).toString("base64url")}-${at}`,
  principalId: held.principalId,
  roleDefinitionId: held.roleDefinitionId,
  resourceScope: held.directoryScopeId ?? "/",
  directoryScopeId: held.directoryScopeId ?? "/",
});

import { ENTRA_ROLES } from "../../../functions/access/entraRoles.ts";
import { type GraphCall, GraphError } from "./graphCall.ts";
import { groupSeenBy } from "./groupSeenBy.ts";
import { page } from "./page.ts";

const BUILT_IN: ReadonlySet<string> = new Set(Object.values(ENTRA_ROLES));
const READ_ROLES: readonly unknown[] = ["RoleManagement.Read.Directory", "Directory.Read.All"];

/**
 * `GET /users/{id | userPrincipalName}/transitiveMemberOf`: groups, and built-in roles over the
 * whole tenant, one's own and those of one's groups; without a cast (that needs `ConsistencyLevel`
 * and reads an index that may be behind). Never met Graph.
 */
export const listTransitiveMemberOf: GraphCall = {
  method: "GET",
  path: /^\/users\/([^/]+)\/transitiveMemberOf$/,
  permissions: ["User.Read.All", "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
  answer: ({ people, groups, roles, paging }, [key = ""], request, granted) => {
    const person = people.find(key);
    if (!person)
      throw new GraphError(404, "Request_ResourceNotFound", `Resource '${key}' does not exist.`);
    const found = [...groups.holding(person.id)].flatMap((id) => groups.find(id) ?? []);
    const principals = new Set([person.id, ...found.map(({ id }) => id)]);
    const held = roles.facts.assigned.filter(
      ({ principalId, roleDefinitionId, directoryScopeId = "/" }) =>
        principals.has(principalId) && BUILT_IN.has(roleDefinitionId) && directoryScopeId === "/",
    );
    const isTold = granted.some((permission) => READ_ROLES.includes(permission));
    const entries = [
      ...found.map((group) => groupSeenBy(granted, group)),
      ...held.map(({ roleDefinitionId }) => ({
        "@odata.type": "#microsoft.graph.directoryRole",
        id: roleDefinitionId.replace(/^.{8}/, "d1ec7000"),
        roleTemplateId: isTold ? roleDefinitionId : null,
      })),
    ];
    return page(entries, "directoryObjects", request, paging);
  },
};

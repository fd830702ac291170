import { type GraphCall, GraphError } from "./graphCall.ts";
import { groupSeenBy } from "./groupSeenBy.ts";
import { page } from "./page.ts";

/**
 * `GET /users/{id | userPrincipalName}/transitiveMemberOf`, groups only, without a cast (that
 * needs `ConsistencyLevel` and reads an index that may be behind). Never met Graph.
 */
export const listTransitiveMemberOf: GraphCall = {
  method: "GET",
  path: /^\/users\/([^/]+)\/transitiveMemberOf$/,
  permissions: ["User.Read.All", "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
  answer: ({ people, groups, paging }, [key = ""], request, granted) => {
    const person = people.find(key);
    if (!person)
      throw new GraphError(404, "Request_ResourceNotFound", `Resource '${key}' does not exist.`);
    const found = [...groups.holding(person.id)].flatMap((id) => groups.find(id) ?? []);
    const seen = found.map((group) => groupSeenBy(granted, group));
    return page(seen, "directoryObjects(id,isAssignableToRole,securityEnabled)", request, paging);
  },
};

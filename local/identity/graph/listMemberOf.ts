import { type GraphCall, GraphError } from "./graphCall.ts";
import { groupSeenBy } from "./groupSeenBy.ts";
import { page } from "./page.ts";

/**
 * `GET /users/{id | userPrincipalName}/memberOf`: not through other groups; groups only, though
 * Graph tells roles and units too. Never met Graph.
 */
export const listMemberOf: GraphCall = {
  method: "GET",
  path: /^\/users\/([^/]+)\/memberOf$/,
  permissions: ["User.Read.All", "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
  answer: ({ people, groups, paging }, [key = ""], request, granted) => {
    const person = people.find(key);
    if (!person)
      throw new GraphError(404, "Request_ResourceNotFound", `Resource '${key}' does not exist.`);
    const seen = groups.directlyHolding(person.id).map((group) => groupSeenBy(granted, group));
    return page(seen, "directoryObjects", request, paging);
  },
};

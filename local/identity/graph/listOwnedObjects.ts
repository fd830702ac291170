import { type GraphCall, GraphError } from "./graphCall.ts";
import { groupSeenBy } from "./groupSeenBy.ts";
import { page } from "./page.ts";

/** `GET /users/{id | userPrincipalName}/ownedObjects`, groups only. Never met Graph. */
export const listOwnedObjects: GraphCall = {
  method: "GET",
  path: /^\/users\/([^/]+)\/ownedObjects$/,
  permissions: ["User.Read.All", "Directory.Read.All"],
  answer: ({ people, groups, paging }, [key = ""], request, granted) => {
    const person = people.find(key);
    if (!person)
      throw new GraphError(404, "Request_ResourceNotFound", `Resource '${key}' does not exist.`);
    const seen = groups.ownedBy(person.id).map((group) => groupSeenBy(granted, group));
    return page(seen, "directoryObjects(id,isAssignableToRole,securityEnabled)", request, paging);
  },
};

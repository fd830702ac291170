import { GRAPH } from "../resource.ts";
import { type GraphCall, GraphError } from "./graphCall.ts";

const SELECTED = "id,visibility";

/** `GET /groups/{id}`, of which only this selection is offered. */
export const getGroup: GraphCall = {
  method: "GET",
  path: /^\/groups\/([^/]+)$/,
  permissions: ["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
  answer: ({ groups }, [id = ""], { query }) => {
    if (query.get("$select") !== SELECTED)
      throw new GraphError(400, "BadRequest", "The local Graph offers another selection.");
    const group = groups.find(id);
    if (!group)
      throw new GraphError(404, "Request_ResourceNotFound", `Resource '${id}' does not exist.`);
    return {
      "@odata.context": `${GRAPH}/v1.0/$metadata#groups(${SELECTED})/$entity`,
      id: group.id,
      visibility: group.visibility ?? null,
    };
  },
};

import { z } from "zod";
import { parseJson } from "../../../protocol/parseJson.ts";
import { GRAPH } from "../resource.ts";
import { type GraphCall, GraphError } from "./graphCall.ts";

const body = z.object({ groupIds: z.array(z.guid()).max(20) });

/** `POST /users/{id | userPrincipalName}/checkMemberGroups`: transitive. */
export const checkMemberGroups: GraphCall = {
  method: "POST",
  path: /^\/users\/([^/]+)\/checkMemberGroups$/,
  permissions: ["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
  answer: ({ people, groups }, [key = ""], request) => {
    const person = people.find(key);
    if (!person)
      throw new GraphError(404, "Request_ResourceNotFound", `Resource '${key}' does not exist.`);
    const asked = body.safeParse(parseJson(request.body));
    if (!asked.success) throw new GraphError(400, "Request_BadRequest", "Invalid group ids.");
    const held = groups.holding(person.id);
    return {
      "@odata.context": `${GRAPH}/v1.0/$metadata#Collection(Edm.String)`,
      value: asked.data.groupIds.filter(
        (id) => held.has(id.toLowerCase()) && groups.find(id)?.visibility !== "HiddenMembership",
      ),
    };
  },
};

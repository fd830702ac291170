import { GRAPH } from "../resource.ts";
import { notFound } from "./directoryObjects.ts";
import { type GraphCall, GraphError } from "./graphCall.ts";
import { securityGroupSeen } from "./securityGroupCalls.ts";

const SELECTED = "id,visibility";
/** Of the groups that whoever sets up the tenant names. */
const SETUP_SELECTED = "id,displayName,securityEnabled,isAssignableToRole";

/** `GET /groups/{id}`, of which only these selections are offered. */
export const getGroup: GraphCall = {
  method: "GET",
  path: /^\/groups\/([^/]+)$/,
  permissions: [
    "GroupMember.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
  ],
  answer: ({ groups, objects }, [id = ""], { query }) => {
    if (query.get("$select") === SETUP_SELECTED) {
      const found = objects.groups.find((one) => one.id === id);
      if (!found) throw notFound(id);
      return securityGroupSeen(found);
    }
    if (query.get("$select") !== SELECTED)
      throw new GraphError(400, "BadRequest", "The local Graph offers another selection.");
    const group = groups.find(id);
    if (!group) throw notFound(id);
    return {
      "@odata.context": `${GRAPH}/v1.0/$metadata#groups(${SELECTED})/$entity`,
      id: group.id,
      visibility: group.visibility ?? null,
    };
  },
};

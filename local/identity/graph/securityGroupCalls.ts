import { randomUUID } from "node:crypto";
import { z } from "zod";
import { notFound, type SecurityGroup } from "./directoryObjects.ts";
import { type GraphCall, GraphError, GraphReply } from "./graphCall.ts";
import { jsonBody } from "./jsonBody.ts";
import { ownersCall } from "./ownersCall.ts";

const READ = ["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All"];

const newGroup = z.strictObject({
  displayName: z.string().min(1).max(256),
  description: z.string().max(1_024).optional(),
  mailEnabled: z.boolean(),
  mailNickname: z.string().regex(/^[^@()\\[\]";:<>, ]{1,64}$/),
  securityEnabled: z.boolean(),
  isAssignableToRole: z.boolean().optional(),
});
const reference = z.strictObject({ "@odata.id": z.url() });

/** What of a security group Graph tells whoever sets up the tenant. */
export const securityGroupSeen = (found: SecurityGroup): object => ({
  id: found.id,
  displayName: found.displayName,
  securityEnabled: found.securityEnabled,
  // A group that cannot hold roles says null there, not false.
  isAssignableToRole: found.isAssignableToRole || null,
});

/** `GET /groups(uniqueName='…')`. Never met Graph. */
const getGroupByName: GraphCall = {
  method: "GET",
  path: /^\/groups\(uniqueName='([^']+)'\)$/,
  permissions: READ,
  answer: ({ objects }, [name = ""]) => {
    const found = objects.groups.find(({ uniqueName }) => uniqueName === name);
    if (!found) throw notFound(name);
    return securityGroupSeen(found);
  },
};

/** `PATCH /groups(uniqueName='…')` with `Prefer: create-if-missing`. Never met Graph. */
const upsertGroup: GraphCall = {
  method: "PATCH",
  path: /^\/groups\(uniqueName='([^']+)'\)$/,
  permissions: ["Group.ReadWrite.All"],
  answer: ({ objects }, [uniqueName = ""], request, granted) => {
    const sent = jsonBody(request, newGroup);
    const { displayName, securityEnabled, isAssignableToRole = false } = sent;
    if (isAssignableToRole && !granted.includes("RoleManagement.ReadWrite.Directory"))
      throw new GraphError(403, "Authorization_RequestDenied", "Insufficient privileges.");
    const found = objects.groups.find((one) => one.uniqueName === uniqueName);
    if (found) {
      if (isAssignableToRole !== found.isAssignableToRole)
        throw new GraphError(400, "Request_BadRequest", "isAssignableToRole is immutable.");
      objects.groups = objects.groups.map((one) =>
        one === found ? { ...one, displayName, securityEnabled } : one,
      );
      return new GraphReply(204);
    }
    if (request.headers.prefer !== "create-if-missing") throw notFound(uniqueName);
    const created = {
      id: randomUUID(),
      ...{ uniqueName, displayName, securityEnabled, isAssignableToRole },
      members: [],
      owners: [],
    };
    objects.groups = [...objects.groups, created];
    return new GraphReply(201, securityGroupSeen(created));
  },
};

const listOwners = ownersCall(
  "groups",
  READ,
  ({ groups }, id) => groups.find((one) => one.id === id)?.owners,
);

/** `POST /groups/{id}/members/$ref`. Never met Graph. */
const addMember: GraphCall = {
  method: "POST",
  path: /^\/groups\/([^/()]+)\/members\/\$ref$/,
  permissions: ["GroupMember.ReadWrite.All", "Group.ReadWrite.All"],
  answer: ({ objects }, [id = ""], request) => {
    const found = objects.groups.find((one) => one.id === id);
    if (!found) throw notFound(id);
    const named = new URL(jsonBody(request, reference)["@odata.id"]).pathname;
    const member = objects.servicePrincipal(named.split("/").at(-1) ?? "").id;
    if (found.members.includes(member))
      throw new GraphError(400, "Request_BadRequest", "The reference exists already.");
    objects.groups = objects.groups.map((one) =>
      one === found ? { ...one, members: [...one.members, member] } : one,
    );
    return new GraphReply(204);
  },
};

export const securityGroupCalls: readonly GraphCall[] = [
  getGroupByName,
  upsertGroup,
  listOwners,
  addMember,
];

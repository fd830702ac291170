import { randomUUID } from "node:crypto";
import { z } from "zod";
import { notFound } from "./directoryObjects.ts";
import { type GraphCall, GraphError, GraphReply } from "./graphCall.ts";
import { jsonBody } from "./jsonBody.ts";

const newGroup = z.strictObject({
  displayName: z.string().min(1).max(256),
  description: z.string().max(1_024).optional(),
  mailEnabled: z.boolean(),
  mailNickname: z.string().regex(/^[^@()\\[\]";:<>, ]{1,64}$/),
  securityEnabled: z.boolean(),
});
const reference = z.strictObject({ "@odata.id": z.url() });

/** `GET /groups(uniqueName='…')`. Never met Graph. */
const getGroupByName: GraphCall = {
  method: "GET",
  path: /^\/groups\(uniqueName='([^']+)'\)$/,
  permissions: ["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All"],
  answer: ({ objects }, [name = ""]) => {
    const found = objects.groups.find(({ uniqueName }) => uniqueName === name);
    if (!found) throw notFound(name);
    return { id: found.id, securityEnabled: found.securityEnabled };
  },
};

/** `PATCH /groups(uniqueName='…')` with `Prefer: create-if-missing`. Never met Graph. */
const upsertGroup: GraphCall = {
  method: "PATCH",
  path: /^\/groups\(uniqueName='([^']+)'\)$/,
  permissions: ["Group.ReadWrite.All"],
  answer: ({ objects }, [uniqueName = ""], request) => {
    const { securityEnabled } = jsonBody(request, newGroup);
    const found = objects.groups.find((one) => one.uniqueName === uniqueName);
    if (found) {
      objects.groups = objects.groups.map((one) =>
        one === found ? { ...one, securityEnabled } : one,
      );
      return new GraphReply(204);
    }
    if (request.headers.prefer !== "create-if-missing") throw notFound(uniqueName);
    const created = { id: randomUUID(), uniqueName, securityEnabled, members: [] };
    objects.groups = [...objects.groups, created];
    return new GraphReply(201, { id: created.id, uniqueName, securityEnabled });
  },
};

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

export const agentsGroupCalls: readonly GraphCall[] = [getGroupByName, upsertGroup, addMember];

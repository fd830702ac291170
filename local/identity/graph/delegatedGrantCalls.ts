import { randomBytes } from "node:crypto";
import { z } from "zod";
import { type DirectoryObjects, notFound } from "./directoryObjects.ts";
import { type GraphCall, GraphError, GraphReply } from "./graphCall.ts";
import { jsonBody } from "./jsonBody.ts";
import { page } from "./page.ts";

const WRITE = ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"];

const newGrant = z.strictObject({
  clientId: z.guid(),
  consentType: z.literal("AllPrincipals"),
  resourceId: z.guid(),
  scope: z.string().min(1),
});
const changes = z.strictObject({ scope: z.string().min(1) });

/** `GET /servicePrincipals/{id}/oauth2PermissionGrants`, of the client. Never met Graph. */
const listGrants: GraphCall = {
  method: "GET",
  path: /^\/servicePrincipals\/([^/()]+)\/oauth2PermissionGrants$/,
  permissions: ["Directory.Read.All", ...WRITE],
  answer: ({ objects, paging }, [id = ""], request) => {
    const { id: client } = objects.servicePrincipal(id);
    const found = objects.delegatedGrants.filter(({ clientId }) => clientId === client);
    return page(found, "oauth2PermissionGrants", request, paging);
  },
};

/** `POST /oauth2PermissionGrants`. Never met Graph. */
const createGrant: GraphCall = {
  method: "POST",
  path: /^\/oauth2PermissionGrants$/,
  permissions: WRITE,
  answer: ({ objects }, _segments, request) => {
    const sent = jsonBody(request, newGrant);
    objects.servicePrincipal(sent.clientId);
    assertOffered(objects, sent.resourceId, sent.scope);
    const isThere = objects.delegatedGrants.some(
      (one) => one.clientId === sent.clientId && one.resourceId === sent.resourceId,
    );
    if (isThere)
      throw new GraphError(409, "Request_MultipleObjectsWithSameKeyValue", "It is there already.");
    const created = { id: randomBytes(32).toString("base64url"), ...sent };
    objects.delegatedGrants = [...objects.delegatedGrants, created];
    return new GraphReply(201, created);
  },
};

/** `PATCH /oauth2PermissionGrants/{id}`. Never met Graph. */
const updateGrant: GraphCall = {
  method: "PATCH",
  path: /^\/oauth2PermissionGrants\/([\w-]+)$/,
  permissions: WRITE,
  answer: ({ objects }, [id = ""], request) => {
    const found = objects.delegatedGrants.find((one) => one.id === id);
    if (!found) throw notFound(id);
    const { scope } = jsonBody(request, changes);
    assertOffered(objects, found.resourceId, scope);
    objects.delegatedGrants = objects.delegatedGrants.map((one) =>
      one === found ? { ...one, scope } : one,
    );
    return new GraphReply(204);
  },
};

export const delegatedGrantCalls: readonly GraphCall[] = [listGrants, createGrant, updateGrant];

/** @throws GraphError for a scope that the resource does not have */
function assertOffered(objects: DirectoryObjects, resourceId: string, scope: string): void {
  const offered = objects.scopesOf(objects.servicePrincipal(resourceId));
  const isOffered = scope.split(" ").every((name) => offered.some(({ value }) => value === name));
  if (!isOffered) throw new GraphError(400, "Request_BadRequest", "There is no such scope.");
}

import { randomUUID } from "node:crypto";
import { z } from "zod";
import { namedBy } from "./alternateKey.ts";
import { notFound } from "./directoryObjects.ts";
import { type GraphCall, GraphError, GraphReply } from "./graphCall.ts";
import { jsonBody } from "./jsonBody.ts";
import { ownersCall } from "./ownersCall.ts";
import { page } from "./page.ts";

const READ = ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"];
const WRITE = ["Application.ReadWrite.All"];

const newPrincipal = z.strictObject({
  appId: z.guid(),
  appRoleAssignmentRequired: z.boolean().default(false),
});
const changes = z.strictObject({ appRoleAssignmentRequired: z.boolean() });
const newAssignment = z.strictObject({
  principalId: z.guid(),
  resourceId: z.guid(),
  appRoleId: z.guid(),
});

/** `GET /servicePrincipals(appId='…')`, and by id. Never met Graph. */
const getServicePrincipal: GraphCall = {
  method: "GET",
  path: /^\/servicePrincipals(\(appId='[^']+'\)|\/[^/()]+)$/,
  permissions: READ,
  answer: ({ objects }, [named = ""]) => {
    const { property, key } = namedBy(named);
    const found = objects.servicePrincipals.find((one) => Reflect.get(one, property) === key);
    if (!found) throw notFound(key);
    const { owners: _, ...told } = found;
    return { ...told, appRoles: objects.rolesOf(found) };
  },
};

/** `POST /servicePrincipals`. Never met Graph. */
const createServicePrincipal: GraphCall = {
  method: "POST",
  path: /^\/servicePrincipals$/,
  permissions: WRITE,
  answer: ({ objects }, _segments, request) => {
    const sent = jsonBody(request, newPrincipal);
    if (!objects.applications.some(({ appId }) => appId === sent.appId))
      throw new GraphError(400, "NoBackingApplicationObject", "There is no such application.");
    if (objects.servicePrincipals.some(({ appId }) => appId === sent.appId))
      throw new GraphError(409, "Request_MultipleObjectsWithSameKeyValue", "It is there already.");
    const servicePrincipalType = "Application" as const;
    const created = { id: randomUUID(), servicePrincipalType, ...sent };
    objects.servicePrincipals = [...objects.servicePrincipals, created];
    return new GraphReply(201, created);
  },
};

/** `PATCH /servicePrincipals/{id}`. Never met Graph. */
const updateServicePrincipal: GraphCall = {
  method: "PATCH",
  path: /^\/servicePrincipals\/([^/()]+)$/,
  permissions: WRITE,
  answer: ({ objects }, [id = ""], request) => {
    const found = objects.servicePrincipal(id);
    const sent = jsonBody(request, changes);
    objects.servicePrincipals = objects.servicePrincipals.map((one) =>
      one === found ? { ...one, ...sent } : one,
    );
    return new GraphReply(204);
  },
};

const listOwners = ownersCall(
  "servicePrincipals",
  READ,
  (objects, id) => objects.servicePrincipal(id).owners ?? [],
);

/** `GET /servicePrincipals/{id}/appRoleAssignments`. Never met Graph. */
const listAssignments: GraphCall = {
  method: "GET",
  path: /^\/servicePrincipals\/([^/()]+)\/appRoleAssignments$/,
  permissions: READ,
  answer: ({ objects, paging }, [id = ""], request) => {
    const { id: principal } = objects.servicePrincipal(id);
    const found = objects.assignments.filter(({ principalId }) => principalId === principal);
    return page(found, "appRoleAssignments", request, paging);
  },
};

/** `GET /servicePrincipals/{id}/appRoleAssignedTo`, of the resource. Never met Graph. */
const listHolders: GraphCall = {
  method: "GET",
  path: /^\/servicePrincipals\/([^/()]+)\/appRoleAssignedTo$/,
  permissions: READ,
  answer: ({ objects, people, paging }, [id = ""], request) => {
    const { id: resource } = objects.servicePrincipal(id);
    const found = objects.assignments
      .filter(({ resourceId }) => resourceId === resource)
      .map((one) => ({
        ...one,
        principalDisplayName:
          objects.groups.find((group) => group.id === one.principalId)?.displayName ??
          people.find(one.principalId)?.userPrincipalName ??
          null,
      }));
    return page(found, "appRoleAssignments", request, paging);
  },
};

/** `POST /servicePrincipals/{id}/appRoleAssignedTo`, of the resource. Never met Graph. */
const createAssignment: GraphCall = {
  method: "POST",
  path: /^\/servicePrincipals\/([^/()]+)\/appRoleAssignedTo$/,
  permissions: ["AppRoleAssignment.ReadWrite.All"],
  answer: ({ objects }, [id = ""], request) => {
    const sent = jsonBody(request, newAssignment);
    const resource = objects.servicePrincipal(id);
    const isGroup = objects.groups.some((group) => group.id === sent.principalId);
    const holder = isGroup ? "User" : "Application";
    if (!isGroup) objects.servicePrincipal(sent.principalId);
    const isOffered = objects
      .rolesOf(resource)
      .some((role) => role.id === sent.appRoleId && role.allowedMemberTypes?.includes(holder));
    if (sent.resourceId !== resource.id || !isOffered)
      throw new GraphError(400, "Request_BadRequest", "Permission being assigned was not found.");
    const isThere = objects.assignments.some(
      ({ id: _, ...one }) => JSON.stringify(one) === JSON.stringify(sent),
    );
    if (isThere)
      throw new GraphError(400, "Request_BadRequest", "Permission being assigned exists already.");
    const created = { id: randomUUID(), ...sent };
    objects.assignments = [...objects.assignments, created];
    return new GraphReply(201, created);
  },
};

/** `POST /servicePrincipals/{id}/checkMemberGroups`. Never met Graph. */
const checkGroups: GraphCall = {
  method: "POST",
  path: /^\/servicePrincipals\/([^/()]+)\/checkMemberGroups$/,
  permissions: READ,
  answer: ({ objects }, [id = ""], request) => {
    const { groupIds } = jsonBody(request, z.object({ groupIds: z.array(z.guid()).max(20) }));
    const principal = objects.servicePrincipal(id);
    const joined = objects.groups.filter(({ members }) => members.includes(principal.id));
    return { value: groupIds.filter((group) => joined.some((one) => one.id === group)) };
  },
};

export const servicePrincipalCalls: readonly GraphCall[] = [
  getServicePrincipal,
  createServicePrincipal,
  updateServicePrincipal,
  listOwners,
  listAssignments,
  listHolders,
  createAssignment,
  checkGroups,
];

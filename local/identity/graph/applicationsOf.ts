import { X509Certificate } from "node:crypto";
import type { Application } from "../application.ts";
import { GRAPH } from "../resource.ts";
import { type DirectoryObjects, GRAPH_CLIENT_ID } from "./directoryObjects.ts";

/**
 * Who gets tokens: what the tenant began with, with what was granted to it since, and what was
 * registered by way of Graph and has a service principal.
 */
export function applicationsOf(
  objects: DirectoryObjects,
  known: readonly Application[],
): Application[] {
  const registered = objects.applications.flatMap((one): Application[] => {
    const principal = objects.servicePrincipals.find(({ appId }) => appId === one.appId);
    if (!principal) return [];
    const certificates = one.keyCredentials.map(({ key }) =>
      new X509Certificate(Buffer.from(key, "base64")).toString(),
    );
    return [
      { clientId: one.appId, objectId: principal.id, name: one.uniqueName ?? "", certificates },
    ];
  });
  return [...known, ...registered].map((one) => withGrants(objects, one));
}

function withGrants(objects: DirectoryObjects, application: Application): Application {
  const appRoles: Record<string, readonly string[]> = { ...application.appRoles };
  for (const { principalId, resourceId, appRoleId } of objects.assignments) {
    if (principalId !== application.objectId) continue;
    const resource = objects.servicePrincipal(resourceId);
    const role = objects.rolesOf(resource).find(({ id }) => id === appRoleId);
    const name = resource.appId === GRAPH_CLIENT_ID ? GRAPH : resource.appId;
    if (role?.value && role.isEnabled) appRoles[name] = [...(appRoles[name] ?? []), role.value];
  }
  return { ...application, appRoles };
}

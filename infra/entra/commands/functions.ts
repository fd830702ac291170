import { z } from "zod";
import { CommandError } from "../../../workstation/commandError.ts";
import type { Desk } from "../desk.ts";
import { GRAPH_PERMISSIONS } from "../graphPermissions.ts";
import { assign, assignmentsOf } from "../servicePrincipal.ts";

/** Microsoft Graph's own client id, the same in every tenant and cloud. */
const GRAPH_CLIENT_ID = "00000003-0000-0000-c000-000000000000";

const MANAGED_IDENTITY = "ManagedIdentity";
const principal = z.object({ id: z.guid(), servicePrincipalType: z.string().nullish() });
const graphItself = z.object({
  id: z.guid(),
  appRoles: z.array(z.object({ id: z.guid(), value: z.string().nullish() })),
});

/**
 * `functions`: gives the functions' managed identity its permissions in Microsoft Graph, and tells
 * those that it has beyond them.
 * @param identity object id of the identity (`principalId`)
 * @throws CommandError
 */
export async function functions(desk: Desk, identity: string): Promise<void> {
  const { graph, print } = desk;
  const found = await graph.read(
    `/servicePrincipals/${identity}?$select=id,servicePrincipalType`,
    principal,
  );
  if (!found)
    throw new CommandError(
      `The tenant has no service principal ${identity}: give the identity's principal id.`,
    );
  if (found.servicePrincipalType !== MANAGED_IDENTITY)
    throw new CommandError(
      `${identity} is an application, no managed identity: give the identity's principal id.`,
    );
  const resource = await graph.read(
    `/servicePrincipals(appId='${GRAPH_CLIENT_ID}')?$select=id,appRoles`,
    graphItself,
  );
  if (!resource) throw new CommandError("The tenant does not know Microsoft Graph.");
  const granted = (await assignmentsOf(desk, found.id)).filter(
    ({ resourceId }) => resourceId === resource.id,
  );
  for (const permission of GRAPH_PERMISSIONS) {
    const role = resource.appRoles.find(({ value }) => value === permission);
    if (!role) throw new CommandError(`Microsoft Graph has no permission ${permission}.`);
    if (granted.some(({ appRoleId }) => appRoleId === role.id)) continue;
    await assign(desk, `grants ${permission}`, {
      principalId: found.id,
      resourceId: resource.id,
      appRoleId: role.id,
    });
  }
  const names = granted.map(
    ({ appRoleId }) => resource.appRoles.find(({ id }) => id === appRoleId)?.value ?? appRoleId,
  );
  const more = names.filter((name) => !GRAPH_PERMISSIONS.includes(name));
  if (more.length > 0)
    print(`It also has what the functions do not need; take it away: ${more.join(", ")}`);
}

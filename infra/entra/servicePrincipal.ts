import { z } from "zod";
import type { Desk } from "./desk.ts";

export const servicePrincipal = z.object({
  id: z.guid(),
  appRoleAssignmentRequired: z.boolean().nullish(),
});
export type ServicePrincipal = z.infer<typeof servicePrincipal>;

const assignment = z.object({ appRoleId: z.guid(), resourceId: z.guid() });
export type Assignment = z.infer<typeof assignment>;

const SELECT = "$select=id,appRoleAssignmentRequired";

/** What an application is in this tenant: who is assigned to it, and whom it is assigned to. */
export const findServicePrincipal = ({ graph }: Desk, clientId: string) =>
  graph.read(`/servicePrincipals(appId='${clientId}')?${SELECT}`, servicePrincipal);

/**
 * @param wanted `appRoleAssignmentRequired`: whether only who is assigned gets a token for it
 * @returns `undefined` where there is none and none was to be made
 * @throws CommandError
 */
export async function ensureServicePrincipal(
  desk: Desk,
  clientId: string,
  wanted: { readonly appRoleAssignmentRequired?: true },
): Promise<ServicePrincipal | undefined> {
  const { graph, make } = desk;
  const found = await findServicePrincipal(desk, clientId);
  if (!found)
    return make("makes its service principal (enterprise application)", () =>
      graph.create("POST", "/servicePrincipals", { appId: clientId, ...wanted }, servicePrincipal),
    );
  if (wanted.appRoleAssignmentRequired && found.appRoleAssignmentRequired !== true)
    await make("requires assignment: nobody gets a token without an app role", () =>
      graph.write("PATCH", `/servicePrincipals/${found.id}`, wanted),
    );
  return found;
}

/** App roles that a service principal has. @throws CommandError */
export const assignmentsOf = ({ graph }: Desk, id: string): Promise<Assignment[]> =>
  graph.list(`/servicePrincipals/${id}/appRoleAssignments`, assignment);

/**
 * Gives an app role of a resource to a service principal that does not have it.
 * @throws CommandError
 */
export async function assign(
  { graph, make }: Desk,
  what: string,
  ids: { readonly principalId: string; readonly resourceId: string; readonly appRoleId: string },
): Promise<void> {
  const path = `/servicePrincipals/${ids.resourceId}/appRoleAssignedTo`;
  await make(what, () => graph.write("POST", path, ids));
}

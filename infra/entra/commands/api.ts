import { ensureAgentsGroup } from "../agentsGroup.ts";
import { ensureApi } from "../apiRegistration.ts";
import type { Desk } from "../desk.ts";
import { ensureServicePrincipal } from "../servicePrincipal.ts";

/** `api`: the API's registration, its service principal, the agents' group. @throws CommandError */
export async function api(desk: Desk): Promise<void> {
  const { profile, print } = desk;
  const registered = await ensureApi(desk);
  const principal =
    registered &&
    (await ensureServicePrincipal(desk, registered.clientId, { appRoleAssignmentRequired: true }));
  const group = await ensureAgentsGroup(desk);
  print(`Tenant (setting TENANT_ID)              ${profile.tenantId}
API's client id (setting API_CLIENT_ID) ${registered?.clientId ?? "not there yet"}
API's service principal                 ${principal?.id ?? "not there yet"}
Agents' group, object id                ${group ?? "not there yet"}`);
}

import { ensureAgentsGroup } from "../agentsGroup.ts";
import { ensureApi } from "../apiRegistration.ts";
import { AZURE_CLI } from "../azureCli.ts";
import type { Desk } from "../desk.ts";
import { tellOwners } from "../owners.ts";
import { ensureRoleGroups, ROLE_GROUPS } from "../roleGroups.ts";
import { ensureServicePrincipal } from "../servicePrincipal.ts";

const NOT_YET = "not there yet";

/**
 * `api`: the API's registration, its service principal, the agents' group, and the groups that hold
 * its app roles. Ends with the values that the deployment asks for.
 * @throws CommandError
 */
export async function api(desk: Desk): Promise<void> {
  const { profile, print } = desk;
  const registered = await ensureApi(desk);
  const principal =
    registered &&
    (await ensureServicePrincipal(desk, registered.clientId, { appRoleAssignmentRequired: true }));
  if (principal)
    await tellOwners(
      desk,
      `/servicePrincipals/${principal.id}`,
      "the API's service principal, who may assign its app roles",
    );
  const agents = await ensureAgentsGroup(desk);
  const groups = await ensureRoleGroups(desk, registered, principal?.id);
  const lines: (readonly [string, string | undefined])[] = [
    ["Tenant (setting TENANT_ID)", profile.tenantId],
    ["API's client id (setting API_CLIENT_ID)", registered?.clientId],
    ["API's service principal", principal?.id],
    ["Agents' group, object id", agents],
    ...Object.entries(ROLE_GROUPS)
      .filter(([name]) => Object.hasOwn(profile.groups, name))
      .map(([name, { whose }]) => [`${whose}, object id`, Reflect.get(groups, name)] as const),
  ];
  print(lines.map(([what, id]) => `${what.padEnd(39)} ${id ?? NOT_YET}`).join("\n"));
  if (profile.azureCli)
    print(`
The Azure CLI has to stand in allowedClients (setting ALLOWED_CLIENTS) as well: ${AZURE_CLI}`);
  if (!registered || agents === undefined) return;
  print(`
For azd:
${azdLines({
  API_CLIENT_ID: registered.clientId,
  AGENTS_GROUP_ID: agents,
  ...(groups.operators !== undefined && { OPERATORS_GROUP_ID: groups.operators }),
})}`);
}

const azdLines = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `  azd env set ${name} ${value}`)
    .join("\n");

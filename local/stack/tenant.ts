import { ROLES, SCOPES } from "../../functions/access/permissions.ts";
import { GRAPH_PERMISSIONS } from "../../infra/entra/graphPermissions.ts";
import type { Leaf } from "../certificates.ts";
import type { Application } from "../identity/application.ts";
import { GRAPH } from "../identity/resource.ts";
import { CONNECTOR } from "../samples.ts";

export const TENANT_ID = "7d3c2f10-0000-4000-8000-00000000aaaa";
export const API_CLIENT_ID = "7d3c2f10-0000-4000-8000-00000000a001";
export const NAMESPACE = "contoso.servicebus.windows.net";
export const AGENT_ID = "agent-1";

const id = (last: number): string =>
  `7d3c2f10-0000-4000-8000-00000000b${String(last).padStart(3, "0")}`;

/** The applications of the local tenant: the API, who calls it, and who it runs as. */
export interface Applications {
  readonly api: Application;
  readonly functions: Application;
  readonly agent: Application;
  readonly portal: Application;
  readonly automation: Application;
  readonly tool: Application;
  readonly operator: Application;
}

/** @param agent certificate that the agent signs in with; `operator` the operators' command */
export const applications = (agent: Leaf, operator?: Leaf): Applications => ({
  api: { clientId: API_CLIENT_ID, objectId: id(1), name: "Password Writeback API" },
  functions: {
    clientId: id(2),
    objectId: id(102),
    name: "functions",
    managedIdentity: true,
    appRoles: { [GRAPH]: GRAPH_PERMISSIONS },
  },
  agent: {
    clientId: id(3),
    objectId: id(103),
    name: `agent of ${CONNECTOR}`,
    certificates: [agent.certificate],
    appRoles: { [API_CLIENT_ID]: [ROLES.agent] },
  },
  portal: {
    clientId: id(4),
    objectId: id(104),
    name: "portal",
    appRoles: { [API_CLIENT_ID]: [ROLES.portal] },
  },
  automation: {
    clientId: id(7),
    objectId: id(107),
    name: "automation",
    appRoles: { [API_CLIENT_ID]: [ROLES.automation] },
  },
  tool: { clientId: id(5), objectId: id(105), name: "administrators' tool" },
  operator: {
    clientId: id(6),
    objectId: id(106),
    name: "operator",
    ...(operator && { certificates: [operator.certificate] }),
    appRoles: { [API_CLIENT_ID]: [ROLES.operator] },
  },
});

/** Authentication context that the local tenant grants to people who have stepped up. */
export const STEP_UP_CONTEXT = "c1";

/** Client ids of those who may call the API; agents stand in the trust list instead. */
export const allowedClients = ({ api, functions, ...callers }: Applications): string[] =>
  Object.values<Application>(callers)
    .filter(({ appRoles }) => !appRoles?.[api.clientId]?.includes(ROLES.agent))
    .map(({ clientId }) => clientId);

/** Administrators of the sample tenant: people who are only in the cloud. */
export const ADMINISTRATORS = {
  helpdesk: {
    objectId: id(201),
    userPrincipalName: "helpdesk@contoso.example",
    scopes: [SCOPES.admin],
    roles: [ROLES.administrator],
  },
  globalAdministrator: {
    objectId: id(202),
    userPrincipalName: "admin@contoso.example",
    scopes: [SCOPES.admin, SCOPES.operate],
    roles: [ROLES.administrator, ROLES.operator],
  },
} as const;

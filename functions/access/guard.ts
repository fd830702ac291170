import { ApiError } from "../http/apiError.ts";
import { AccessFault } from "./accessFault.ts";
import type { Caller } from "./caller.ts";
import { GRAPH_PERMISSIONS, ROLES, SCOPES } from "./permissions.ts";

/** One kind of caller that a route lets pass. All that is named must hold. */
export interface Admitted {
  readonly caller: Caller["kind"];
  /** Delegated permission. */
  readonly scope?: string;
  /** Microsoft Graph's permissions that mean the same, where `ACCEPT_GRAPH_PERMISSIONS` says so. */
  readonly graphPermissions?: readonly string[];
  /** App role. */
  readonly role?: string;
  /** The client proved itself with a certificate or a managed identity. */
  readonly certificate?: true;
  /** A secret will do as well where `PORTAL_MAY_USE_SECRET` says so. */
  readonly secretIfConfigured?: true;
  /** Whether the client stands in `ALLOWED_CLIENTS`; agents stand in the trust list instead. */
  readonly listed: boolean;
}

/** What a route demands of its caller: to be one of these. */
export interface Guard {
  readonly callers: "anyone" | readonly Admitted[];
  /** Whose account, or whose agent, the call may be about. */
  readonly on: "oneself" | "others" | "anyone";
  /** A user must have stepped up. Other routes ask for it where `STEP_UP_ROUTES` names them. */
  readonly stepUp?: true;
}

/** What of the guards is configured. */
export interface GuardSettings {
  /** Client ids, in small letters. */
  readonly allowedClients: ReadonlySet<string>;
  readonly acceptGraphPermissions: boolean;
  readonly portalMayUseSecret: boolean;
}

const USER = { caller: "user", scope: SCOPES.self, listed: true } as const;
const ADMINISTRATOR = {
  caller: "user",
  scope: SCOPES.admin,
  role: ROLES.administrator,
  listed: true,
} as const;
const OPERATOR = {
  caller: "user",
  scope: SCOPES.operate,
  role: ROLES.operator,
  listed: true,
} as const;
const application = <T extends string>(role: T) =>
  ({ caller: "application", role, certificate: true, listed: true }) as const;

/** The guards of the route table. */
export const GUARDS = {
  anyone: { callers: "anyone", on: "anyone" },
  user: { callers: [{ ...USER, graphPermissions: GRAPH_PERMISSIONS.self }], on: "oneself" },
  userStepUp: { callers: [USER], on: "oneself", stepUp: true },
  portal: {
    callers: [{ ...application(ROLES.portal), secretIfConfigured: true }],
    on: "anyone",
  },
  admin: { callers: [ADMINISTRATOR], on: "others" },
  adminOrAutomation: {
    callers: [ADMINISTRATOR, application(ROLES.automation)],
    on: "others",
  },
  operator: { callers: [OPERATOR, application(ROLES.operator)], on: "anyone" },
  auditReader: {
    callers: [
      { ...OPERATOR, graphPermissions: GRAPH_PERMISSIONS.audit },
      application(ROLES.operator),
    ],
    on: "anyone",
  },
  agent: { callers: [{ ...application(ROLES.agent), listed: false }], on: "oneself" },
} as const satisfies Record<string, Guard>;

/** Why this is not such a caller, in a word for the log; nothing if it is. */
function fault(admitted: Admitted, caller: Caller, settings: GuardSettings): string | undefined {
  if (caller.kind !== admitted.caller) return "kind";
  const scopes = [
    ...(admitted.scope === undefined ? [] : [admitted.scope]),
    ...((settings.acceptGraphPermissions && admitted.graphPermissions) || []),
  ];
  if (scopes.length > 0 && !scopes.some((scope) => caller.scopes.includes(scope))) return "scope";
  if (admitted.role !== undefined && !caller.roles.includes(admitted.role)) return "role";
  if (admitted.listed && !settings.allowedClients.has(caller.application.toLowerCase()))
    return "client";
  const bySecret = admitted.secretIfConfigured && settings.portalMayUseSecret;
  const isProved = caller.clientProof === "2" || (bySecret && caller.clientProof === "1");
  return admitted.certificate && !isProved ? "clientProof" : undefined;
}

/** @throws ApiError `accessDenied`: the token is good, and does not allow this */
export function checkGuard(guard: Guard, caller: Caller, settings: GuardSettings): void {
  if (guard.callers === "anyone") return;
  const faults = guard.callers.map((admitted) => fault(admitted, caller, settings));
  if (faults.includes(undefined)) return;
  const named = guard.callers.find(({ scope }) => scope !== undefined)?.scope;
  const scope = named === undefined ? "" : `, scope="${named}"`;
  throw new ApiError("accessDenied", {
    cause: new AccessFault(faults.find((each) => each !== "kind") ?? "kind"),
    headers: { "WWW-Authenticate": `Bearer error="insufficient_scope"${scope}` },
  });
}

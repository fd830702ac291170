import { ApiError } from "../http/apiError.ts";
import type { Caller } from "./caller.ts";
import { ROLES, SCOPES } from "./permissions.ts";

/** One kind of caller that a route lets pass. All that is named must hold. */
export interface Admitted {
  readonly caller: Caller["kind"];
  /** Delegated permission. */
  readonly scope?: string;
  /** App role. */
  readonly role?: string;
  /** The client proved itself with a certificate or a managed identity. */
  readonly certificate?: true;
}

/** What a route demands of its caller: to be one of these. */
export interface Guard {
  readonly callers: "anyone" | readonly Admitted[];
}

const USER: Admitted = { caller: "user", scope: SCOPES.self };
const ADMINISTRATOR: Admitted = {
  caller: "user",
  scope: SCOPES.admin,
  role: ROLES.administrator,
};
const application = (role: string): Admitted => ({
  caller: "application",
  role,
  certificate: true,
});

/** The guards of the route table. */
export const GUARDS = {
  anyone: { callers: "anyone" },
  user: { callers: [USER] },
  userStepUp: { callers: [USER] },
  portal: { callers: [application(ROLES.portal)] },
  admin: { callers: [ADMINISTRATOR] },
  adminOrAutomation: { callers: [ADMINISTRATOR, application(ROLES.automation)] },
  operator: {
    callers: [
      { caller: "user", scope: SCOPES.operate, role: ROLES.operator },
      application(ROLES.operator),
    ],
  },
  agent: { callers: [application(ROLES.agent)] },
} as const satisfies Record<string, Guard>;

const admits = (admitted: Admitted, caller: Caller): boolean =>
  caller.kind === admitted.caller &&
  (admitted.scope === undefined || caller.scopes.includes(admitted.scope)) &&
  (admitted.role === undefined || caller.roles.includes(admitted.role)) &&
  (admitted.certificate === undefined || caller.clientProof === "2");

/** @throws ApiError `accessDenied`: the token is good, and does not allow this */
export function checkGuard(guard: Guard, caller: Caller): void {
  if (guard.callers === "anyone") return;
  if (guard.callers.some((admitted) => admits(admitted, caller))) return;
  const named = guard.callers.find(({ scope }) => scope !== undefined)?.scope;
  const scope = named === undefined ? "" : `, scope="${named}"`;
  throw new ApiError("accessDenied", {
    headers: { "WWW-Authenticate": `Bearer error="insufficient_scope"${scope}` },
  });
}

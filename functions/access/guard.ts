import { ApiError } from "../http/apiError.ts";
import type { Caller } from "./caller.ts";
import { ROLES, SCOPES } from "./permissions.ts";

/** What a route demands of its caller. All that is named must hold. */
export interface Guard {
  readonly caller: "user" | "application" | "anyone";
  readonly scope?: string;
  readonly role?: string;
}

/** The guards of the route table. */
export const GUARDS = {
  anyone: { caller: "anyone" },
  user: { caller: "user", scope: SCOPES.self },
  portal: { caller: "application", role: ROLES.portal },
  admin: { caller: "user", scope: SCOPES.admin, role: ROLES.administrator },
  operator: { caller: "user", scope: SCOPES.operate, role: ROLES.operator },
  agent: { caller: "application", role: ROLES.agent },
} as const satisfies Record<string, Guard>;

/** @throws ApiError `accessDenied`: the token is good, and does not allow this */
export function checkGuard(guard: Guard, caller: Caller): void {
  const allowed =
    caller.kind === guard.caller &&
    (guard.scope === undefined || caller.scopes.includes(guard.scope)) &&
    (guard.role === undefined || caller.roles.includes(guard.role));
  if (allowed) return;
  const scope = guard.scope === undefined ? "" : `, scope="${guard.scope}"`;
  throw new ApiError("accessDenied", {
    headers: { "WWW-Authenticate": `Bearer error="insufficient_scope"${scope}` },
  });
}

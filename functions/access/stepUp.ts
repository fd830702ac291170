import { ApiError } from "../http/apiError.ts";
import { SettingsError } from "../settings/settingsError.ts";
import type { Caller } from "./caller.ts";
import type { Guard } from "./guard.ts";

/** Which authentication contexts of Conditional Access routes ask for. */
export interface StepUpSettings {
  /** For the routes that always ask. Without it they refuse everybody. */
  readonly context?: string | undefined;
  /** By name of the route: for others, or instead of the one above. */
  readonly routes: Readonly<Record<string, string>>;
  /** Begin of the challenge, `challengeOf` the tenant. */
  readonly challenge: string;
}

/** What is read of a route. */
export interface GuardedRoute {
  readonly name: string;
  readonly guard: Guard;
}

/** A client that declared this understands claims challenges. Written in either case. */
const UNDERSTANDS_CHALLENGES = "cp1";

/**
 * A sensitive route asks a user to sign in more strongly: the token must name an authentication
 * context. Applications cannot step up; their guards ask for a certificate.
 * @throws ApiError `stepUpRequired` with the challenge, `stepUpNotPossible` for a client that
 *   could not read it, `stepUpNotConfigured`
 */
export function checkStepUp(
  { name, guard }: GuardedRoute,
  caller: Caller,
  settings: StepUpSettings,
): void {
  if (caller.kind !== "user") return;
  const own = Object.hasOwn(settings.routes, name) ? settings.routes[name] : undefined;
  const context = own ?? (guard.stepUp && settings.context);
  if (context === undefined) {
    if (guard.stepUp) throw new ApiError("stepUpNotConfigured");
    return;
  }
  if (caller.contexts?.includes(context)) return;
  if (!caller.capabilities?.some((each) => each.toLowerCase() === UNDERSTANDS_CHALLENGES))
    throw new ApiError("stepUpNotPossible");
  const claims = btoa(
    JSON.stringify({ access_token: { acrs: { essential: true, value: context } } }),
  );
  throw new ApiError("stepUpRequired", {
    headers: {
      "WWW-Authenticate": `${settings.challenge}, error="insufficient_claims", claims="${claims}"`,
    },
  });
}

/**
 * A name that is no route would turn a step-up off in silence.
 * @throws SettingsError that names the setting and the name
 */
export function checkStepUpRoutes(
  named: Readonly<Record<string, string>>,
  routes: readonly GuardedRoute[],
): void {
  for (const name of Object.keys(named)) {
    const callers = routes.find((route) => route.name === name)?.guard.callers;
    if (!Array.isArray(callers) || !callers.some(({ caller }) => caller === "user"))
      throw new SettingsError([`STEP_UP_ROUTES: ${name} is no route that users call`]);
  }
}

import type { Configuration } from "../configuration.ts";
import { routes } from "../routes.ts";
import { challengeOf } from "./authority.ts";
import type { GuardSettings } from "./guard.ts";
import { checkStepUpRoutes, type StepUpSettings } from "./stepUp.ts";

/** What of the guards and of step-up is configured. */
export interface AccessSettings extends GuardSettings {
  readonly stepUp: StepUpSettings;
}

/** @throws SettingsError where a setting names a route that is none */
export function accessSettings(configuration: Configuration): AccessSettings {
  checkStepUpRoutes(configuration.STEP_UP_ROUTES, routes);
  return {
    allowedClients: new Set(configuration.ALLOWED_CLIENTS),
    acceptGraphPermissions: configuration.ACCEPT_GRAPH_PERMISSIONS,
    portalMayUseSecret: configuration.PORTAL_MAY_USE_SECRET,
    stepUp: {
      context: configuration.STEP_UP_CONTEXT,
      routes: configuration.STEP_UP_ROUTES,
      challenge: challengeOf(configuration.AUTHORITY, configuration.TENANT_ID),
    },
  };
}

import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import type { Handler } from "../http/apiCall.ts";
import type { TenantSettings } from "../records/tenantSettings.ts";
import { isAvailable, readGround } from "../writeback/liveAgents.ts";

/**
 * `GET /v1.0/selfService/availability`: asked before anybody is asked for a password. `reason` is
 * the code that a reset would be refused with; it says nothing of any person.
 */
export const selfServiceAvailability: Handler = async (_call, parts) => {
  const [ground, { settings }] = await Promise.all([readGround(parts), parts.settings.current()]);
  const connectors = parts.connectors.map(({ name, domains }) => ({
    name,
    domains,
    available: isAvailable(ground, name, parts.now()),
  }));
  const isUp = connectors.every(({ available }) => available);
  const reason = refusalOfEverybody(settings) ?? (isUp ? undefined : "noLiveAgent");
  return {
    status: 200,
    jsonBody: {
      available: reason === undefined,
      reason: reason ?? null,
      accountUnlockEnabled: settings.features.accountUnlockEnabled,
      helpContact: settings.helpContact,
      connectors,
    },
  };
};

function refusalOfEverybody({ features, selfService }: TenantSettings): ErrorCode | undefined {
  if (!features.passwordWritebackEnabled) return "writebackDisabled";
  return selfService.scope === "none" ? "selfServiceDisabled" : undefined;
}

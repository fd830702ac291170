import type { Handler } from "../http/apiCall.ts";
import { isAvailable, readGround } from "../writeback/liveAgents.ts";

/** `GET /v1.0/selfService/availability`: asked before anybody is asked for a password. */
export const selfServiceAvailability: Handler = async (_call, parts) => {
  const ground = await readGround(parts);
  const connectors = parts.connectors.map(({ name, domains }) => ({
    name,
    domains,
    available: isAvailable(ground, name, parts.now()),
  }));
  return {
    status: 200,
    jsonBody: { available: connectors.every(({ available }) => available), connectors },
  };
};

import type { Handler } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import { SERVICE_VERSION } from "../version.ts";
import { connectorStatus, inTrouble } from "../writeback/connectorStatus.ts";
import { type Ground, readGround } from "../writeback/liveAgents.ts";

/** `GET /v1.0/status`: the state of each connector, and why it is no better. */
export const status: Handler = async (_call, parts) => {
  const { ground, codes } = await lookAt(parts);
  const now = parts.now();
  const value = parts.connectors.map(({ name }) =>
    ground === undefined || codes.length > 0
      ? inTrouble(name, codes)
      : connectorStatus({
          connector: name,
          list: ground.trust.list,
          agents: ground.agents,
          serviceVersion: SERVICE_VERSION,
          now,
        }),
  );
  return { status: 200, jsonBody: { value } };
};

interface Look {
  readonly ground?: Ground;
  /** What the service itself cannot do now. */
  readonly codes: readonly string[];
}

async function lookAt(parts: Parts): Promise<Look> {
  const codes: string[] = [];
  const trouble = (error: unknown): undefined => {
    if (!(error instanceof ApiError)) throw error;
    codes.push(error.code);
  };
  const ground = await readGround(parts).catch(trouble);
  if (ground) await parts.instanceKey.identity(ground.trust.list).catch(trouble);
  if (!parts.relay.isReady) codes.push("relayUnavailable");
  return { ground, codes };
}

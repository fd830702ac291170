import { heartbeat, signHeartbeatAnswer } from "@password-writeback/protocol/heartbeat.ts";
import { ownCurrentAgent } from "../access/ownAgent.ts";
import type { Handler } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import { readBody } from "../http/body.ts";
import type { Parts } from "../parts.ts";
import type { CurrentTrust } from "../trust/trustSource.ts";

/**
 * `POST /v1.0/agents/{id}/heartbeat`: records that an agent lives and hands it, signed over its
 * nonce, the cloud's time and the trust list.
 */
export const agentHeartbeat: Handler = async (call, parts) => {
  const beat = await readBody(call.request, heartbeat);
  const { agent, trust: read } = await ownCurrentAgent(call, parts);
  const trust = beat.serial > read.list.serial ? await newestTrust(parts) : read;
  parts.keyAlerts.look(trust.list, call.log);
  if (!(await parts.agents.record(agent.connector, agent.id, beat, parts.now())))
    throw new ApiError("invalidRequest", { target: "counter" });
  const answer = await signHeartbeatAnswer(
    {
      version: 1,
      sub: agent.id,
      nonce: beat.nonce,
      iat: parts.now() / 1_000,
      trustList: trust.jws,
      unresolved: await parts.unresolved.list(agent.connector, parts.now()),
    },
    await parts.instanceKey.identity(trust.list),
  );
  return { status: 200, jsonBody: { answer } };
};

/**
 * An agent that has seen a newer list says that an old one may have been put back, or it lies: the
 * root key's tag decides, and this instance does not serve an old list until its certificate ends.
 * @throws ApiError `trustListUnavailable`
 */
async function newestTrust(parts: Parts): Promise<CurrentTrust> {
  parts.trust.raiseSerial(await parts.newestSerial().catch(() => 0));
  return parts.trust.current();
}

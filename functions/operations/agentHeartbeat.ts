import { heartbeat, signHeartbeatAnswer } from "@password-writeback/protocol/heartbeat.ts";
import type { Handler } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import { readBody } from "../http/body.ts";

/**
 * `POST /v1.0/agents/{id}/heartbeat`: records that an agent lives and hands it, signed over its
 * nonce, the cloud's time and the trust list. The trust list says which service principal may
 * speak for which agent.
 */
export const agentHeartbeat: Handler = async (call, parts) => {
  const beat = await readBody(call.request, heartbeat);
  const { list, jws } = await parts.trust.current();
  const agent = list.agents.find(({ id }) => id === call.request.params.id);
  if (agent?.servicePrincipal !== call.caller.id) throw new ApiError("agentNotListed");
  if (!(await parts.agents.record(agent.connector, agent.id, beat, parts.now())))
    throw new ApiError("invalidRequest", { target: "counter" });
  const answer = await signHeartbeatAnswer(
    {
      version: 1,
      sub: agent.id,
      nonce: beat.nonce,
      iat: parts.now() / 1_000,
      trustList: jws,
      unresolved: await parts.unresolved.list(agent.connector, parts.now()),
    },
    await parts.instanceKey.identity(list),
  );
  return { status: 200, jsonBody: { answer } };
};

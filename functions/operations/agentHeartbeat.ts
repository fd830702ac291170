import { heartbeat, signHeartbeatAnswer } from "@password-writeback/protocol/heartbeat.ts";
import { ownCurrentAgent } from "../access/ownAgent.ts";
import type { Handler } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import { readBody } from "../http/body.ts";

/**
 * `POST /v1.0/agents/{id}/heartbeat`: records that an agent lives and hands it, signed over its
 * nonce, the cloud's time and the trust list.
 */
export const agentHeartbeat: Handler = async (call, parts) => {
  const beat = await readBody(call.request, heartbeat);
  const { agent, trust: read } = await ownCurrentAgent(call, parts);
  const trust = await parts.rollbackWatch.look(beat.serial, read);
  parts.keyAlerts.look(trust.list, call.log);
  if (!(await parts.agents.record(agent.connector, agent.id, beat, parts.now())))
    throw new ApiError("invalidRequest", { target: "counter" });
  // What the alert on a silent agent misses.
  call.log.info("agentHeard", { connector: agent.connector, agent: agent.id });
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

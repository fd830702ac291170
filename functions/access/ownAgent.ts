import type { TrustedAgent } from "@password-writeback/protocol/trustList.ts";
import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import type { CurrentTrust } from "../trust/trustSource.ts";

/** The agent that calls, and the trust list that names it. */
export interface OwnAgent {
  readonly agent: TrustedAgent;
  readonly trust: CurrentTrust;
}

/**
 * The agent of a route `/agents/{id}/…`: the trust list says which service principal may speak for
 * which agent.
 * @throws ApiError `agentNotListed`: not this caller, or nobody; `trustListUnavailable`
 */
export async function ownAgent(call: ApiCall, parts: Parts): Promise<OwnAgent> {
  const trust = await parts.trust.current();
  const agent = trust.list.agents.find(({ id }) => id === call.request.params.id);
  if (agent?.servicePrincipal !== call.caller.id) throw new ApiError("agentNotListed");
  return { agent, trust };
}

/**
 * As `ownAgent`, where the agent's key is to be used from now on. What it did before its key
 * expired it may tell for longer.
 * @throws ApiError as well `agentKeyExpired`
 */
export async function ownCurrentAgent(call: ApiCall, parts: Parts): Promise<OwnAgent> {
  const own = await ownAgent(call, parts);
  if (own.agent.expires <= parts.now() / 1_000) throw new ApiError("agentKeyExpired");
  return own;
}

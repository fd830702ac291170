import { recipientsOf, type TrustedAgent } from "@password-writeback/protocol/trustList.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import { type AgentRecord, hasDirectory, isLive } from "../records/agents.ts";
import type { CurrentTrust } from "../trust/trustSource.ts";

/** Trust list and agents as they are now, read before anything is decided. */
export interface Ground {
  readonly trust: CurrentTrust;
  readonly agents: readonly AgentRecord[];
  /** Until when nothing is to be written: milliseconds since 1970, or past. */
  readonly stoppedUntil: number;
}

/** @throws ApiError `trustListUnavailable`, `recordsUnavailable` */
export async function readGround(parts: Parts): Promise<Ground> {
  const [trust, agents, stoppedUntil] = await Promise.all([
    parts.trust.current(),
    parts.agents.list(),
    parts.brake.stoppedUntil(),
  ]);
  return { trust, agents, stoppedUntil };
}

/** Live agents of a connector that could open a request. */
function liveAgents(ground: Ground, connector: string, now: number): AgentRecord[] {
  const enrolled = new Set(
    recipientsOf(ground.trust.list, connector, now / 1_000).map(({ id }) => id),
  );
  return ground.agents.filter(
    (agent) => agent.connector === connector && enrolled.has(agent.id) && isLive(agent, now),
  );
}

/** Whether somebody may be asked for a password: an agent is live, and so is its directory. */
export const isAvailable = (ground: Ground, connector: string, now: number): boolean =>
  liveAgents(ground, connector, now).some(hasDirectory);

/**
 * Every enrolled agent of the connector, not only the live ones: after a crash another one must
 * be able to read what it cannot execute.
 * @throws ApiError `noLiveAgent`: nothing is sent where nobody would take it
 */
export function recipients(ground: Ground, connector: string, now: number): TrustedAgent[] {
  if (liveAgents(ground, connector, now).length === 0) throw new ApiError("noLiveAgent");
  return recipientsOf(ground.trust.list, connector, now / 1_000);
}

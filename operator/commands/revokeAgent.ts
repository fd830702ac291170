import { type Desk, inForce, issue, nothingToSign } from "../desk.ts";
import { stepsForRevokedAgent } from "../entraSteps.ts";
import { withoutAgent } from "../nextList.ts";

/** `revoke-agent`: takes an agent off the list; the next request is not sealed for it. */
export async function revokeAgent(desk: Desk, id: string): Promise<void> {
  const current = await inForce(desk);
  const next = withoutAgent(current.list, id, desk.now());
  if (!next) return nothingToSign(desk, `The list has no agent "${id}".`);
  const revoked = current.list.agents.find((agent) => agent.id === id);
  desk.print(`${stepsForRevokedAgent(revoked?.servicePrincipal ?? "")}\n`);
  await issue(desk, current, next);
}

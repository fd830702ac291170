import { calculateJwkThumbprint } from "jose";
import { MAX_AGENTS_PER_CONNECTOR } from "./limits.ts";
import type { TrustedAgent, TrustList } from "./trustList.ts";

/** Why a list may not be published, though its shape is right. */
export type Contradiction =
  | "noSigningKey"
  | "signingKeyTwice"
  | "agentTwice"
  | "encryptionKeyTwice"
  | "servicePrincipalTwice"
  | "kidOfAnotherKey"
  | "tooManyAgents";

const isUnique = (values: readonly string[]): boolean => new Set(values).size === values.length;

const countOf = (agents: readonly TrustedAgent[], connector: string): number =>
  agents.filter((agent) => agent.connector === connector).length;

/**
 * What is wrong with a list before anybody relies on it. Agents are found by their id alone, so it
 * is one agent's in all connectors; a key or a service principal of two would let one be the other.
 */
export async function contradictionIn(list: TrustList): Promise<Contradiction | undefined> {
  const { agents, signingKeys } = list;
  if (signingKeys.length === 0) return "noSigningKey";
  const isOnce =
    isUnique(signingKeys.map(({ kid }) => kid)) &&
    isUnique(signingKeys.map(({ key: { x, y } }) => `${x}.${y}`));
  if (!isOnce) return "signingKeyTwice";
  if (!isUnique(agents.map(({ id }) => id))) return "agentTwice";
  if (!isUnique(agents.map(({ kid }) => kid))) return "encryptionKeyTwice";
  if (!isUnique(agents.map(({ servicePrincipal }) => servicePrincipal.toLowerCase())))
    return "servicePrincipalTwice";
  if (agents.some(({ connector }) => countOf(agents, connector) > MAX_AGENTS_PER_CONNECTOR))
    return "tooManyAgents";
  for (const { kid, encryptionKey } of agents)
    if ((await calculateJwkThumbprint(encryptionKey)) !== kid) return "kidOfAnotherKey";
  return undefined;
}

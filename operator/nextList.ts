import type { EnrolmentRequest } from "@password-writeback/protocol/enrolment.ts";
import { AGENT_KEY_SECONDS } from "@password-writeback/protocol/limits.ts";
import type { TrustList } from "@password-writeback/protocol/trustList.ts";
import { calculateJwkThumbprint } from "jose";
import { CommandError } from "../workstation/commandError.ts";
import type { VaultKey } from "./vault.ts";

const follows = (list: TrustList, nowMs: number): TrustList => ({
  ...list,
  serial: list.serial + 1,
  iat: Math.floor(nowMs / 1_000),
});

const signingKey = ({ kid, key }: VaultKey) => ({ kid, key });

/** The very first list: one signing key, and nobody to open anything. */
export const firstList = (key: VaultKey, nowMs: number): TrustList => ({
  version: 1,
  serial: 1,
  iat: Math.floor(nowMs / 1_000),
  signingKeys: [signingKey(key)],
  agents: [],
});

/** @param keys in order: functions use the last one */
export const withSigningKeys = (
  list: TrustList,
  keys: readonly VaultKey[],
  nowMs: number,
): TrustList => ({ ...follows(list, nowMs), signingKeys: keys.map(signingKey) });

/**
 * A list with an agent, or with the new key of one that is there already.
 * @returns undefined where it has that very key already
 * @throws CommandError: another connector or service principal than before
 */
export async function withAgent(
  list: TrustList,
  { id, connector, encryptionKey }: EnrolmentRequest,
  servicePrincipal: string,
  nowMs: number,
): Promise<TrustList | undefined> {
  const kid = await calculateJwkThumbprint(encryptionKey);
  const before = list.agents.find((agent) => agent.id === id);
  const isOther =
    before && (before.connector !== connector || before.servicePrincipal !== servicePrincipal);
  if (isOther)
    throw new CommandError(
      `There is an agent "${id}" of connector "${before.connector}" with service principal ` +
        `${before.servicePrincipal}. Another one needs another id; revoke it to let its id go.`,
    );
  if (before?.kid === kid) return undefined;
  const next = follows(list, nowMs);
  const entry = {
    id,
    servicePrincipal,
    connector,
    kid,
    encryptionKey,
    expires: next.iat + AGENT_KEY_SECONDS,
  };
  const agents = before
    ? list.agents.map((agent) => (agent === before ? entry : agent))
    : [...list.agents, entry];
  return { ...next, agents };
}

/** @returns undefined where the list has no such agent */
export function withoutAgent(list: TrustList, id: string, nowMs: number): TrustList | undefined {
  const agents = list.agents.filter((agent) => agent.id !== id);
  return agents.length === list.agents.length ? undefined : { ...follows(list, nowMs), agents };
}

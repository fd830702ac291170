import type { TrustedAgent } from "@password-writeback/protocol/trustList.ts";
import { type AgentRecord, hasDirectory, isHeard, isLive } from "../records/agents.ts";
import { isKeyOld } from "../trust/keyAlerts.ts";
import { isOlder, OLDEST_AGENT_VERSION } from "../version.ts";

/** What can be wrong with an enrolled agent, and what to do about it. */
export const AGENT_FAULTS = {
  agentKeyExpired: "Its key is older than 180 days: nothing is sealed for it. Rotate the key.",
  agentKeyExpires: "Its key expires within 30 days. Rotate the key.",
  agentNeverHeard: "It was enrolled and never heard. Start it.",
  agentNotHeard: "It was not heard for more than 75 seconds. Look at its host and at its network.",
  agentStopping: "It is being stopped.",
  agentRelayDown: "It cannot reach Service Bus. Look at its network and at its rights there.",
  agentNotListening: "It does not listen: it has not got the trust list that names its key.",
  agentDirectoryDown: "None of its domain controllers answers. Look at the directory.",
  agentTooOld: "Its version is too old to tell its condition. Install the current version.",
  agentOutdated: "It works; its version is older than the service's. Install the current version.",
  agentTrustListOld: "It has not got the newest trust list yet.",
} as const satisfies Record<string, string>;
export type AgentFault = keyof typeof AGENT_FAULTS;

/** What is known of an enrolled agent. */
export interface Enrolled {
  readonly entry: TrustedAgent;
  /** What it last said; undefined where it was never heard. */
  readonly record: AgentRecord | undefined;
}

/** Whether it takes requests that it can open. */
export const takesRequests = ({ entry, record }: Enrolled, now: number): boolean =>
  entry.expires * 1_000 > now && record !== undefined && isLive(record, now);

/** Whether it can carry requests out. */
export const isWorking = (agent: Enrolled, now: number): boolean =>
  takesRequests(agent, now) && agent.record !== undefined && hasDirectory(agent.record);

/** What an agent is held against. */
export interface Measure {
  /** Of the trust list in force. */
  readonly serial: number;
  readonly serviceVersion: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What is wrong with an agent, the worst first. */
export function agentFaults(agent: Enrolled, measure: Measure): AgentFault[] {
  const { entry } = agent;
  const { now } = measure;
  const isExpired = entry.expires * 1_000 <= now;
  return [
    ...(isExpired ? (["agentKeyExpired"] as const) : conditionFaults(agent, measure)),
    ...(!isExpired && isKeyOld(entry, now / 1_000) ? (["agentKeyExpires"] as const) : []),
  ];
}

function conditionFaults({ record }: Enrolled, measure: Measure): AgentFault[] {
  const { serial, serviceVersion, now } = measure;
  if (!record) return ["agentNeverHeard"];
  if (record.state === "stopping") return ["agentStopping"];
  if (!isHeard(record, now)) return ["agentNotHeard"];
  const faults: AgentFault[] = [];
  if (record.relay === "down") faults.push("agentRelayDown");
  else if (record.state === "waiting") faults.push("agentNotListening");
  if (!hasDirectory(record)) faults.push("agentDirectoryDown");
  if (isTooOld(record)) faults.push("agentTooOld");
  else if (isOlder(record.agentVersion, serviceVersion)) faults.push("agentOutdated");
  if (record.serial < serial) faults.push("agentTrustListOld");
  return faults;
}

export const isTooOld = ({ agentVersion }: AgentRecord): boolean =>
  isOlder(agentVersion, OLDEST_AGENT_VERSION);

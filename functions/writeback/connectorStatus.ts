import type { TrustList } from "@password-writeback/protocol/trustList.ts";
import type { AgentRecord } from "../records/agents.ts";
import { isOlder } from "../version.ts";
import {
  AGENT_FAULTS,
  agentFaults,
  type Enrolled,
  isTooOld,
  isWorking,
  takesRequests,
} from "./agentFaults.ts";

/** The six states that Microsoft's on-premises integration page shows, in our own words. */
export const STATES = {
  running: "Password writeback is up and running.",
  runningOldVersion: "Password writeback is running; an agent should be replaced by a newer one.",
  unknownTooOld: "The condition cannot be told: the agents are too old.",
  notReachable: "No agent can carry out requests now.",
  notConfigured: "Password writeback is not set up: nobody could open a request.",
  serviceTrouble: "The service itself is in trouble now; it may pass by itself.",
} as const satisfies Record<string, string>;
export type State = keyof typeof STATES;

/** Why a connector is in its state, beside what is wrong with single agents. */
export const CONNECTOR_CAUSES = {
  noAgentEnrolled: "The trust list names no agent of this connector. Enrol one.",
  noLiveAgent: "No agent is listening. Nothing is sent, and callers get 503.",
  noDirectory: "Agents are listening, and none of them reaches a domain controller.",
} as const satisfies Record<string, string>;

export interface Cause {
  /** Of the tables here and in `agentFaults.ts`, or of the error table. */
  readonly code: string;
  /** The agent it is about, where it is about one. */
  readonly agent?: string;
  readonly text: string;
}

export interface ConnectorStatus {
  readonly connector: string;
  readonly state: State;
  readonly text: string;
  readonly causes: readonly Cause[];
}

/** What a connector's state is told from. */
export interface Facts {
  readonly connector: string;
  readonly list: TrustList;
  readonly agents: readonly AgentRecord[];
  readonly serviceVersion: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const statusOf = (connector: string, state: State, causes: readonly Cause[]): ConnectorStatus => ({
  connector,
  state,
  text: STATES[state],
  causes,
});

/** The state of a connector while the service itself cannot do its part. */
export const inTrouble = (connector: string, codes: readonly string[]): ConnectorStatus =>
  statusOf(
    connector,
    "serviceTrouble",
    codes.map((code) => ({ code, text: "See docs/errors.md." })),
  );

/** The state of a connector, and every cause that keeps it from being better. */
export function connectorStatus(facts: Facts): ConnectorStatus {
  const { connector, list, agents } = facts;
  const enrolled = list.agents
    .filter((entry) => entry.connector === connector)
    .map((entry) => ({
      entry,
      record: agents.find(({ connector: of, id }) => of === connector && id === entry.id),
    }));
  const causes = enrolled.flatMap((agent) =>
    agentFaults(agent, { ...facts, serial: list.serial }).map((code) => ({
      code,
      agent: agent.entry.id,
      text: AGENT_FAULTS[code],
    })),
  );
  const { state, cause } = stateOf(enrolled, facts);
  const own = cause && { code: cause, text: CONNECTOR_CAUSES[cause] };
  return statusOf(connector, state, own ? [own, ...causes] : causes);
}

interface Told {
  readonly state: State;
  readonly cause?: keyof typeof CONNECTOR_CAUSES;
}

function stateOf(enrolled: readonly Enrolled[], { now, serviceVersion }: Facts): Told {
  if (enrolled.length === 0) return { state: "notConfigured", cause: "noAgentEnrolled" };
  if (enrolled.every(({ entry }) => entry.expires * 1_000 <= now))
    return { state: "notConfigured" };
  const working = enrolled.filter((agent) => isWorking(agent, now));
  if (working.length === 0) {
    const isAnyLive = enrolled.some((agent) => takesRequests(agent, now));
    return { state: "notReachable", cause: isAnyLive ? "noDirectory" : "noLiveAgent" };
  }
  const records = working.flatMap(({ record }) => record ?? []);
  const isOld = ({ agentVersion }: AgentRecord) => isOlder(agentVersion, serviceVersion);
  if (records.every(isTooOld)) return { state: "unknownTooOld" };
  return { state: records.some(isOld) ? "runningOldVersion" : "running" };
}

import type { TrustedAgent } from "@password-writeback/protocol/trustList.ts";
import type { Handler } from "../http/apiCall.ts";
import type { AgentRecord } from "../records/agents.ts";
import { takesRequests } from "../writeback/agentFaults.ts";
import { readGround } from "../writeback/liveAgents.ts";

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/**
 * `GET /v1.0/agents`: every agent that the trust list names or that was heard. `serial` is the
 * newest trust list that the agent has acknowledged, beside `trustListSerial`, the one in force.
 */
export const agents: Handler = async (_call, parts) => {
  const { trust, agents: heard } = await readGround(parts);
  const { list } = trust;
  const now = parts.now();
  const isOf = (entry: TrustedAgent, record: AgentRecord): boolean =>
    entry.id === record.id && entry.connector === record.connector;
  const listed = list.agents.map((entry) => {
    const record = heard.find((each) => isOf(entry, each));
    return {
      id: entry.id,
      connector: entry.connector,
      listed: true,
      servicePrincipal: entry.servicePrincipal,
      kid: entry.kid,
      keyExpires: isoOf(entry.expires * 1_000),
      live: takesRequests({ entry, record }, now),
      ...conditionOf(record),
    };
  });
  const unlisted = heard
    .filter((record) => !list.agents.some((entry) => isOf(entry, record)))
    .map((record) => ({
      id: record.id,
      connector: record.connector,
      listed: false,
      live: false,
      ...conditionOf(record),
    }));
  return {
    status: 200,
    jsonBody: { trustListSerial: list.serial, value: [...listed, ...unlisted] },
  };
};

const conditionOf = (record: AgentRecord | undefined) =>
  record && {
    state: record.state,
    relay: record.relay,
    directory: record.directory,
    agentVersion: record.agentVersion,
    heardAt: isoOf(record.heardAt),
    serial: record.serial,
  };

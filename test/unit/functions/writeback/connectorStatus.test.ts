import { readFileSync } from "node:fs";
import type { AgentRecord } from "../../../../functions/records/agents.ts";
import { AGENT_FAULTS } from "../../../../functions/writeback/agentFaults.ts";
import {
  CONNECTOR_CAUSES,
  connectorStatus,
  inTrouble,
  STATES,
} from "../../../../functions/writeback/connectorStatus.ts";
import type { TrustedAgent, TrustList } from "../../../../protocol/trustList.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;
const key = { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "A".repeat(43) } as const;

const entry = (id: string, changes: Partial<TrustedAgent> = {}): TrustedAgent => ({
  id,
  servicePrincipal: "7d3c2f10-0000-4000-8000-00000000bbbb",
  connector: "corp",
  kid: "A".repeat(43),
  encryptionKey: key,
  expires: NOW + 100 * DAY,
  ...changes,
});
const heard = (id: string, changes: Partial<AgentRecord> = {}): AgentRecord => ({
  connector: "corp",
  id,
  counter: 1,
  state: "listening",
  relay: "up",
  directory: "up",
  agentVersion: "1.4.2",
  serial: 7,
  heardAt: NOW * 1_000 - 1_000,
  ...changes,
});

function statusOf(agents: readonly TrustedAgent[], records: readonly AgentRecord[]) {
  const list: TrustList = {
    ...{ version: 1, serial: 7, iat: NOW, signingKeys: [] },
    agents: [...agents],
  };
  const facts = { list, agents: records, serviceVersion: "1.4.2" };
  const { state, text, causes } = connectorStatus({
    connector: "corp",
    ...facts,
    now: NOW * 1_000,
  });
  expect(text).toBe(STATES[state]);
  return [state, causes.map(({ code, agent }) => (agent ? `${agent}: ${code}` : code))];
}
const one = [entry("a")];
const silence = { heardAt: NOW * 1_000 - 75_001 };

test.each<[string, readonly TrustedAgent[], readonly AgentRecord[], string, string[]]>([
  ["one agent at work", one, [heard("a")], "running", []],
  [
    "one of two is gone",
    [...one, entry("b")],
    [heard("a"), heard("b", silence)],
    "running",
    ["b: agentNotHeard"],
  ],
  [
    "one of two was never started",
    [...one, entry("b")],
    [heard("a")],
    "running",
    ["b: agentNeverHeard"],
  ],
  [
    "its key is in its last 30 days",
    [entry("a", { expires: NOW + 30 * DAY })],
    [heard("a")],
    "running",
    ["a: agentKeyExpires"],
  ],
  ["an older trust list", one, [heard("a", { serial: 6 })], "running", ["a: agentTrustListOld"]],
  [
    "too old to tell",
    one,
    [heard("a", { agentVersion: "0.0.9" })],
    "unknownTooOld",
    ["a: agentTooOld"],
  ],
  [
    "no version at all",
    one,
    [heard("a", { agentVersion: "dev" })],
    "unknownTooOld",
    ["a: agentTooOld"],
  ],
  [
    "stopped",
    one,
    [heard("a", { state: "stopping" })],
    "notReachable",
    ["noLiveAgent", "a: agentStopping"],
  ],
  ["silent", one, [heard("a", silence)], "notReachable", ["noLiveAgent", "a: agentNotHeard"]],
  [
    "without relay",
    one,
    [heard("a", { relay: "down" })],
    "notReachable",
    ["noLiveAgent", "a: agentRelayDown"],
  ],
  [
    "waiting",
    one,
    [heard("a", { state: "waiting" })],
    "notReachable",
    ["noLiveAgent", "a: agentNotListening"],
  ],
  [
    "without directory",
    one,
    [heard("a", { directory: "down" })],
    "notReachable",
    ["noDirectory", "a: agentDirectoryDown"],
  ],
  ["nobody enrolled", [], [heard("a")], "notConfigured", ["noAgentEnrolled"]],
  [
    "another connector's",
    [entry("a", { connector: "other" })],
    [],
    "notConfigured",
    ["noAgentEnrolled"],
  ],
  [
    "its key has expired",
    [entry("a", { expires: NOW })],
    [heard("a")],
    "notConfigured",
    ["a: agentKeyExpired"],
  ],
  [
    "one key has expired",
    [...one, entry("b", { expires: NOW })],
    [heard("a"), heard("b")],
    "running",
    ["b: agentKeyExpired"],
  ],
])("%s", (_, agents, records, state, causes) => {
  expect(statusOf(agents, records)).toEqual([state, causes]);
});

test("docs/enrolment.md names every state and every cause", () => {
  const page = readFileSync("docs/enrolment.md", "utf8");
  const codes = [STATES, AGENT_FAULTS, CONNECTOR_CAUSES].flatMap((table) => Object.keys(table));
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

test("the service's own trouble comes before everything else", () => {
  expect(inTrouble("corp", ["recordsUnavailable"])).toMatchObject({
    state: "serviceTrouble",
    causes: [{ code: "recordsUnavailable" }],
  });
});

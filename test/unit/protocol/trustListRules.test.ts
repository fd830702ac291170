import { MAX_AGENTS_PER_CONNECTOR } from "../../../protocol/limits.ts";
import type { TrustedAgent, TrustList } from "../../../protocol/trustList.ts";
import { trustListChanges } from "../../../protocol/trustListChanges.ts";
import { contradictionIn } from "../../../protocol/trustListRules.ts";
import { NOW, newAgent, newKeyPair } from "./world.ts";

let list: TrustList;
let agents: TrustedAgent[];
beforeAll(async () => {
  const signing = await newKeyPair("signing/1");
  agents = await Promise.all(
    Array.from({ length: MAX_AGENTS_PER_CONNECTOR + 1 }, async (_, at) => ({
      ...(await newAgent(`agent-${at}`)).entry,
      servicePrincipal: `7d3c2f10-0000-4000-8000-${String(at).padStart(12, "0")}`,
    })),
  );
  list = {
    version: 1,
    serial: 4,
    iat: NOW,
    signingKeys: [{ kid: "signing/1", key: signing.publicKey }],
    agents: agents.slice(0, 2),
  };
});

test("a list of agents that are each their own has no contradiction", async () => {
  expect(await contradictionIn(list)).toBeUndefined();
  expect(
    await contradictionIn({ ...list, agents: agents.slice(0, MAX_AGENTS_PER_CONNECTOR) }),
  ).toBeUndefined();
});

test.each<[string, () => Partial<TrustList>]>([
  ["noSigningKey", () => ({ signingKeys: [] })],
  ["signingKeyTwice", () => ({ signingKeys: [...list.signingKeys, ...list.signingKeys] })],
  [
    "signingKeyTwice",
    () => ({ signingKeys: [...list.signingKeys, { ...list.signingKeys[0]!, kid: "signing/2" }] }),
  ],
  ["agentTwice", () => ({ agents: [agents[0]!, { ...agents[1]!, id: agents[0]!.id }] })],
  ["encryptionKeyTwice", () => ({ agents: [agents[0]!, { ...agents[1]!, kid: agents[0]!.kid }] })],
  [
    "servicePrincipalTwice",
    () => {
      const servicePrincipal = agents[0]!.servicePrincipal.toUpperCase();
      return { agents: [agents[0]!, { ...agents[1]!, servicePrincipal }] };
    },
  ],
  ["kidOfAnotherKey", () => ({ agents: [{ ...agents[0]!, kid: agents[1]!.kid }] })],
  ["tooManyAgents", () => ({ agents })],
])("%s", async (contradiction, change) => {
  expect(await contradictionIn({ ...list, ...change() })).toBe(contradiction);
});

test("more agents than one connector takes may be of two", async () => {
  const some = agents.map((agent, at) => (at === 0 ? { ...agent, connector: "branch" } : agent));
  expect(await contradictionIn({ ...list, agents: some })).toBeUndefined();
});

describe("what a list changes", () => {
  test("names serial, keys and each agent that is new, other or gone, and nothing else", () => {
    const [first, second, third] = agents as [TrustedAgent, TrustedAgent, TrustedAgent];
    const next = {
      ...list,
      serial: 5,
      agents: [{ ...first, expires: first.expires + 1 }, third],
    };
    expect(trustListChanges(list, next)).toEqual([
      { name: "serial", before: "4", after: "5" },
      { name: "agent agent-0", before: expect.any(String), after: expect.any(String) },
      { name: "agent agent-1", before: expect.stringContaining(second.kid) },
      { name: "agent agent-2", after: expect.stringContaining(third.servicePrincipal) },
    ]);
  });

  test("names another order of the signing keys: functions use the last one", () => {
    const keys = [...list.signingKeys, { ...list.signingKeys[0]!, kid: "signing/2" }];
    const both = { ...list, signingKeys: keys };
    expect(trustListChanges(both, { ...both, signingKeys: keys.toReversed() })).toEqual([
      { name: "signing keys", before: "signing/1, signing/2", after: "signing/2, signing/1" },
    ]);
  });

  test("is everything where there was none", () => {
    expect(trustListChanges(undefined, list).map(({ name, before }) => [name, before])).toEqual([
      ["serial", undefined],
      ["signing keys", undefined],
      ["agent agent-0", undefined],
      ["agent agent-1", undefined],
    ]);
  });
});

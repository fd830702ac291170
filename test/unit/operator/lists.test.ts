import { laggards } from "../../../operator/acknowledgement.ts";
import { changesText, listText } from "../../../operator/listText.ts";
import { withAgent, withoutAgent, withSigningKeys } from "../../../operator/nextList.ts";
import { rollState } from "../../../operator/rollState.ts";
import type { VaultKey } from "../../../operator/vault.ts";
import type { EnrolmentRequest } from "../../../protocol/enrolment.ts";
import { AGENT_KEY_SECONDS } from "../../../protocol/limits.ts";
import type { TrustedAgent, TrustList } from "../../../protocol/trustList.ts";
import { NOW, newAgent, newKeyPair } from "../protocol/world.ts";

const DAY = 86_400;
const LATER = (NOW + 60) * 1_000;

let list: TrustList;
let agent: TrustedAgent;
let other: TrustedAgent;
beforeAll(async () => {
  agent = { ...(await newAgent("agent-1")).entry, expires: NOW + AGENT_KEY_SECONDS };
  other = (await newAgent("agent-2")).entry;
  list = {
    version: 1,
    serial: 7,
    iat: NOW,
    signingKeys: [{ kid: "signing/1", key: (await newKeyPair("signing/1")).publicKey }],
    agents: [agent],
  };
});

const asks = (changes: Partial<EnrolmentRequest> = {}): EnrolmentRequest => ({
  version: 1,
  id: "agent-2",
  connector: agent.connector,
  encryptionKey: other.encryptionKey,
  certificate: "",
  proof: "",
  ...changes,
});
const PRINCIPAL = "7d3c2f10-0000-4000-8000-00000000b902";
const key = (kid: string, created = 0): VaultKey => ({
  kid,
  key: { kty: "EC", crv: "P-256", x: "x", y: "y" },
  created,
  enabled: true,
  tags: {},
});

describe("the next list", () => {
  test("has one more agent, whose key lasts half a year", async () => {
    const next = await withAgent(list, asks(), PRINCIPAL, LATER);
    expect(next).toEqual({
      ...list,
      serial: 8,
      iat: NOW + 60,
      agents: [
        agent,
        {
          id: "agent-2",
          servicePrincipal: PRINCIPAL,
          connector: agent.connector,
          kid: other.kid,
          encryptionKey: other.encryptionKey,
          expires: NOW + 60 + AGENT_KEY_SECONDS,
        },
      ],
    });
  });

  test("has the new key of an agent in the old one's place, and none where it is the same", async () => {
    const { id, servicePrincipal, encryptionKey } = agent;
    const next = await withAgent(list, asks({ id }), servicePrincipal, LATER);
    expect(next?.agents).toMatchObject([{ id, kid: other.kid, servicePrincipal }]);
    expect(await withAgent(list, asks({ id, encryptionKey }), servicePrincipal, LATER)).toBe(
      undefined,
    );
  });

  test("lets nobody take an id over", async () => {
    const { id, servicePrincipal } = agent;
    await expect(withAgent(list, asks({ id }), PRINCIPAL, LATER)).rejects.toThrow("another id");
    await expect(
      withAgent(list, asks({ id, connector: "branch" }), servicePrincipal, LATER),
    ).rejects.toThrow("another id");
  });

  test("lacks who is revoked; there is none for who was never listed", () => {
    expect(withoutAgent(list, "agent-1", LATER)).toMatchObject({ serial: 8, agents: [] });
    expect(withoutAgent(list, "agent-9", LATER)).toBeUndefined();
  });
});

describe("what people read", () => {
  test("of a list: what each key is for, and how long it lasts", () => {
    const keys = [...list.signingKeys, { ...list.signingKeys[0]!, kid: "signing/2" }];
    const text = listText({ ...list, signingKeys: keys }, NOW * 1_000);
    expect(text).toMatch(/signing\/1\n {4}accepted; fingerprint [A-Z2-7-]{39}\n/);
    expect(text).toMatch(/signing\/2\n {4}functions sign with it;/);
    expect(text).toContain("180 days left");
    expect(text).not.toContain("rotate-key");
  });

  test.each([
    [149, "31 days left\n|31 days left$"],
    [150, "30 days left: run `agent rotate-key` there soon"],
    [179, "1 days left: run"],
    [180, "EXPIRED: nothing is sealed for it"],
  ])("of a key of %d days", (days, expected) => {
    expect(listText(list, (NOW + days * DAY) * 1_000)).toMatch(new RegExp(expected));
  });

  test("of a change: what is new, other and gone", async () => {
    const next = await withAgent(withoutAgent(list, "agent-1", LATER)!, asks(), PRINCIPAL, LATER);
    const text = changesText(list, withSigningKeys(next!, [key("signing/2")], LATER));
    expect(text.split("\n").filter((line) => /^\S/.test(line))).toEqual([
      "changed serial",
      "changed signing keys",
      "removed agent agent-1",
      "new     agent agent-2",
    ]);
    expect(text).toContain("    - signing/1\n    + signing/2");
  });
});

describe("a roll waits for", () => {
  const state = (id: string, live: boolean, serial?: number) => ({ id, live, serial });

  test("listed agents that live and have an older list, or none", () => {
    const both = { ...list, agents: [agent, other] };
    expect(laggards(both, [state("agent-1", true, 6), state("agent-2", true)])).toEqual([
      "agent-1 (list 6)",
      "agent-2 (no list)",
    ]);
    expect(laggards(both, [state("agent-1", true, 7), state("agent-2", false, 1)])).toEqual([]);
    expect(laggards(list, [state("agent-2", true, 1)])).toEqual([]);
  });
});

describe("how far a roll is", () => {
  const [old, next] = [key("v/1", 1_000), key("v/2", 2_000)];
  const versions = new Map([old, next, key("v/3", 1_000)].map((each) => [each.kid, each]));
  const vault = { version: async (kid: string) => versions.get(kid)! };
  const stateOf = (kids: readonly string[], newest: VaultKey) =>
    rollState(
      { ...list, signingKeys: kids.map((kid) => ({ kid, key: agent.encryptionKey })) },
      newest,
      vault,
    );

  test("is told by the list and the vault's newest version", async () => {
    expect(await stateOf(["v/1"], old)).toMatchObject({ step: "announce", old });
    expect(await stateOf(["v/2", "v/1"], next)).toEqual({ step: "use", next, old });
    expect(await stateOf(["v/1", "v/2"], next)).toEqual({ step: "drop", next, old });
  });

  test("even where both were made in one second, or a third version came later", async () => {
    const third = versions.get("v/3")!;
    expect(await stateOf(["v/3", "v/1"], third)).toMatchObject({ step: "use", next: third });
    expect(await stateOf(["v/1", "v/3"], third)).toMatchObject({ step: "drop", next: third });
    expect(await stateOf(["v/2", "v/1"], key("v/9", 9_000))).toMatchObject({ step: "use", next });
  });

  test("is not guessed where more are listed", async () => {
    expect(await stateOf(["v/1", "v/2", "v/3"], next)).toBeUndefined();
  });
});

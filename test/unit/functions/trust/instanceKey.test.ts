import { InstanceKey } from "../../../../functions/trust/instanceKey.ts";
import { TrustSource } from "../../../../functions/trust/trustSource.ts";
import type { Vault } from "../../../../functions/trust/vault.ts";
import { verifyCertificate } from "../../../../protocol/certificate.ts";
import { openRequest, sealRequest } from "../../../../protocol/envelope.ts";
import { signTrustList, type TrustList } from "../../../../protocol/trustList.ts";
import {
  CONNECTOR,
  changeOf,
  type KeyPair,
  NOW,
  newAgent,
  newKeyPair,
  TENANT,
} from "../../protocol/world.ts";

let root: KeyPair;
let first: KeyPair;
let second: KeyPair;
beforeAll(async () => {
  [root, first, second] = await Promise.all([
    newKeyPair("root"),
    newKeyPair("signing/1"),
    newKeyPair("signing/2"),
  ]);
});

const listOf = (keys: readonly KeyPair[], serial = 1): TrustList => ({
  version: 1,
  serial,
  iat: NOW,
  signingKeys: keys.map(({ signer: { kid }, publicKey }) => ({ kid, key: publicKey })),
  agents: [],
});

/** A key on a vault that counts and can fail, and on a clock that the test sets. */
function instanceKey(published?: string) {
  const state = { signatures: 0, serial: 1, down: false, gone: "", now: NOW * 1_000 };
  const vault: Vault = {
    signer: (kid) => {
      const pair = [first, second].find(({ signer }) => signer.kid === kid);
      if (!pair) throw new Error("no such key");
      return {
        kid,
        sign: async (data) => {
          if (state.down || kid === state.gone) throw new Error("vault down");
          state.signatures += 1;
          return pair.signer.sign(data);
        },
      };
    },
    newestSerial: async () => state.serial,
  };
  const clock = () => state.now;
  const read = async () => published ?? Promise.reject(new Error());
  const trust = new TrustSource(read, root.publicKey, clock);
  const pass = (minutes: number) => {
    state.now += minutes * 60_000;
  };
  return { state, pass, key: new InstanceKey(vault, trust, clock) };
}
const certificateAt = async (key: InstanceKey, list: TrustList) =>
  (await key.identity(list)).certificate;
/** Renewal in the background has no promise to wait for. */
const until = async (holds: () => Promise<boolean>) => {
  for (const deadline = Date.now() + 2_000; !(await holds()); )
    if (Date.now() > deadline) throw new Error("it did not happen");
    else await new Promise(setImmediate);
};

test("any number of requests, at once and one after the other, cost one signature", async () => {
  const { state, key, pass } = instanceKey();
  const list = listOf([first]);
  await Promise.all(Array.from({ length: 50 }, () => key.identity(list)));
  pass(49);
  await key.identity(list);
  expect(state.signatures).toBe(1);
});

test("what it signs opens at an agent", async () => {
  const { key } = instanceKey();
  const agent = await newAgent("agent-1");
  const list = { ...listOf([first]), agents: [agent.entry] };
  const sealed = await sealRequest(changeOf(), await key.identity(list), list.agents);
  const trusted = { list, connector: CONNECTOR, tenant: TENANT };
  expect((await openRequest(sealed, agent.keys, trusted, NOW)).claims).toEqual(changeOf());
});

test("it is renewed in the background before it ends: nobody waits, nobody is refused", async () => {
  const { state, key, pass } = instanceKey();
  const list = listOf([first]);
  const old = await certificateAt(key, list);
  pass(51);
  expect(await certificateAt(key, list)).toBe(old);
  await until(async () => (await certificateAt(key, list)) !== old);
  expect(state.signatures).toBe(2);
  await verifyCertificate(await certificateAt(key, list), list, state.now / 1_000);
});

test("while the vault is down the old one serves to a minute before its end", async () => {
  const { state, key, pass } = instanceKey();
  const list = listOf([first]);
  const old = await certificateAt(key, list);
  state.down = true;
  pass(58);
  expect(await certificateAt(key, list)).toBe(old);
  pass(1.5);
  await expect(key.identity(list)).rejects.toMatchObject({
    code: "signingUnavailable",
    status: 503,
  });
  state.down = false;
  await verifyCertificate(await certificateAt(key, list), list, state.now / 1_000);
});

test("it is replaced at once when the list no longer names its signer", async () => {
  const { state, key } = instanceKey();
  await certificateAt(key, listOf([first]));
  const rolled = listOf([second], 2);
  await verifyCertificate(await certificateAt(key, rolled), rolled, NOW);
  expect(state.signatures).toBe(2);
});

test("in a roll the last key of the list is used, with the first call, and stays in use", async () => {
  const { state, key } = instanceKey();
  const old = await certificateAt(key, listOf([first]));
  expect(await certificateAt(key, listOf([second, first], 2))).toBe(old);
  const rolled = await certificateAt(key, listOf([first, second], 3));
  await verifyCertificate(rolled, listOf([second]), NOW);
  expect(await certificateAt(key, listOf([second], 4))).toBe(rolled);
  expect(state.signatures).toBe(2);
});

test("while the vault is down a key that is to go serves on, and the next one as soon as it can", async () => {
  const { state, key, pass } = instanceKey();
  const old = await certificateAt(key, listOf([first]));
  const both = listOf([first, second], 2);
  state.down = true;
  for (const _ of "123") expect(await certificateAt(key, both)).toBe(old);
  state.down = false;
  pass(1);
  await verifyCertificate(await certificateAt(key, both), listOf([second]), NOW);
});

test("an old list put back in a roll is refused, though the certificate would serve on", async () => {
  const { state, key } = instanceKey();
  await certificateAt(key, listOf([first]));
  state.serial = 9;
  await expect(key.identity(listOf([first, second], 2))).rejects.toMatchObject({
    code: "trustListUnavailable",
  });
});

test("a renewal that was under way for an older list does not serve a newer one", async () => {
  const { key } = instanceKey();
  const rolled = listOf([second], 2);
  const [, identity] = await Promise.all([key.identity(listOf([first])), key.identity(rolled)]);
  await verifyCertificate(identity.certificate, rolled, NOW);
});

test("nor does it fail one, where the key of the older list is gone", async () => {
  const { state, key } = instanceKey();
  state.gone = first.signer.kid;
  const rolled = listOf([second], 2);
  const [older, newer] = await Promise.allSettled([
    key.identity(listOf([first])),
    key.identity(rolled),
  ]);
  expect(older).toMatchObject({ reason: { code: "signingUnavailable" } });
  if (newer.status === "rejected") throw newer.reason;
  await verifyCertificate(newer.value.certificate, rolled, NOW);
});

test("a call whose list was followed by another one a moment ago is not refused for it", async () => {
  const newer = listOf([first, second], 2);
  const { state, key } = instanceKey(await signTrustList(newer, root.signer));
  state.serial = 2;
  await verifyCertificate(await certificateAt(key, listOf([first])), listOf([second]), NOW);
});

test("nothing is certified for a list that is older than the root key's serial says", async () => {
  const { state, key } = instanceKey();
  state.serial = 5;
  await expect(key.identity(listOf([first], 4))).rejects.toMatchObject({
    code: "trustListUnavailable",
  });
  expect(state.signatures).toBe(0);
  await key.identity(listOf([first], 5));
});

test("a list without a signing key, or with one that the vault does not have, signs nothing", async () => {
  const { key } = instanceKey();
  await expect(key.identity(listOf([]))).rejects.toMatchObject({ code: "trustListUnavailable" });
  await expect(key.identity(listOf([await newKeyPair("signing/9")]))).rejects.toMatchObject({
    code: "signingUnavailable",
  });
});

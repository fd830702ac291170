import fc from "fast-check";
import { TYP } from "../../../protocol/signedObject.ts";
import {
  recipientsOf,
  signTrustList,
  type TrustList,
  verifyTrustList,
} from "../../../protocol/trustList.ts";
import { claimsOf, flip, forge, headerOf, hs256, unsigned } from "./forge.ts";
import { NOW, newAgent, newKeyPair, newWorld, type World } from "./world.ts";

let world: World;
let jws: string;
beforeAll(async () => {
  world = await newWorld();
  jws = await signTrustList(world.list, world.root.signer);
});

const verify = (text: string, lowest = 0) => verifyTrustList(text, world.root.publicKey, lowest);
const refused = (text: string, lowest = 0) =>
  expect(verify(text, lowest)).rejects.toMatchObject({
    name: "ProtocolError",
    code: "trustListInvalid",
  });

test("a list by the root key reads as it was signed", async () => {
  expect(await verify(jws)).toEqual(world.list);
});

test("no flipped bit of header, claims or signature passes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(7), (part, position, bit) =>
      refused(flip(jws, part, position, bit)),
    ),
    { numRuns: 200 },
  );
});

test("a list without a signature, or under another algorithm, is refused", async () => {
  const { list, root } = world;
  await refused(unsigned({ typ: TYP.trustList }, list));
  await refused(hs256({ typ: TYP.trustList }, list, root.publicKey));
  await refused(jws.split(".").slice(0, 2).join("."));
  await refused(`${jws.split(".").slice(0, 2).join(".")}.`);
});

test("a list by any other key is refused, whatever key it names", async () => {
  const other = await newKeyPair("root");
  await refused(await signTrustList(world.list, other.signer));
  await refused(await signTrustList(world.list, world.signing.signer));
  const header = { ...headerOf(jws), jwk: other.publicKey };
  await refused(await forge(header, world.list, other.privateKey));
});

test.each(Object.values(TYP).filter((typ) => typ !== TYP.trustList))(
  "a list signed as %s is refused",
  async (typ) => refused(await forge({ typ }, world.list, world.root.privateKey)),
);

test.each<[string, (list: TrustList) => unknown]>([
  ["an unknown version", (list) => ({ ...list, version: 2 })],
  ["no version", ({ version: _, ...list }) => list],
  ["an unknown member", (list) => ({ ...list, extra: true })],
  [
    "a private key among the signing keys",
    (list) => ({
      ...list,
      signingKeys: list.signingKeys.map((key) => ({
        ...key,
        key: { ...key.key, d: "A".repeat(43) },
      })),
    }),
  ],
  [
    "an agent without an expiry",
    (list) => ({
      ...list,
      agents: list.agents.map(({ expires: _, ...agent }) => agent),
    }),
  ],
  [
    "an agent's key that lasts longer than 180 days",
    (list) => ({
      ...list,
      agents: list.agents.map((agent) => ({ ...agent, expires: list.iat + 180 * 86_400 + 61 })),
    }),
  ],
  ["a serial of zero", (list) => ({ ...list, serial: 0 })],
])("a well signed list with %s is refused", async (_, change) => {
  const header = { typ: TYP.trustList, kid: "root" };
  await refused(await forge(header, change(world.list), world.root.privateKey));
});

test("a list longer than a table property is refused before it is parsed", async () => {
  await refused(`${jws}${"A".repeat(32_000)}`);
});

test("of two lists the one with the lower serial is refused, an equal one is not", async () => {
  const older = await signTrustList({ ...world.list, serial: 6 }, world.root.signer);
  const newer = await signTrustList({ ...world.list, serial: 8, agents: [] }, world.root.signer);
  expect((await verify(newer, 7)).serial).toBe(8);
  expect((await verify(jws, 7)).serial).toBe(7);
  for (const [text, lowest] of [
    [older, 7],
    [jws, 8],
  ] as const)
    await expect(verify(text, lowest)).rejects.toMatchObject({ code: "trustListOutdated" });
});

test("nothing is signed that would not be read", () => {
  expect(() => signTrustList({ ...world.list, serial: -1 }, world.root.signer)).toThrow();
  expect(claimsOf(jws)).toEqual(world.list);
});

test("recipients are the agents of the connector whose keys have not expired, at most 32", async () => {
  const [one, two] = world.list.agents;
  if (!one || !two) throw new Error("two agents");
  const agents = [
    { ...one, expires: NOW },
    two,
    { ...(await newAgent("agent-3")).entry, connector: "emea" },
  ];
  expect(recipientsOf({ ...world.list, agents }, "corp", NOW).map(({ id }) => id)).toEqual([
    "agent-2",
  ]);
  const many = Array.from({ length: 40 }, () => two);
  expect(recipientsOf({ ...world.list, agents: many }, "corp", NOW)).toHaveLength(32);
});

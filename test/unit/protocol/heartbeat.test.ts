import fc from "fast-check";
import {
  type HeartbeatAnswer,
  heartbeat,
  signHeartbeatAnswer,
  verifyHeartbeatAnswer,
} from "../../../protocol/heartbeat.ts";
import { READS, readsOf } from "../../../protocol/reads.ts";
import { TYP } from "../../../protocol/signedObject.ts";
import { signTrustList, type TrustList } from "../../../protocol/trustList.ts";
import { claimsOf, flip, forge, hs256, unsigned } from "./forge.ts";
import { NOW, newInstance, newKeyPair, newWorld, type World } from "./world.ts";

const NONCE = "fresh-nonce-of-this-heartbeat";
const expected = { agent: "agent-1", nonce: NONCE };

let world: World;
let jws: string;
let claims: HeartbeatAnswer;

const answerWith = async (list: TrustList, changes: Partial<HeartbeatAnswer> = {}) => ({
  version: 1 as const,
  sub: "agent-1",
  nonce: NONCE,
  iat: NOW,
  trustList: await signTrustList(list, world.root.signer),
  unresolved: [],
  ...changes,
});
beforeAll(async () => {
  world = await newWorld();
  claims = await answerWith(world.list);
  jws = await signHeartbeatAnswer(claims, world.instance);
});

const verify = (text: string, lowest = 7, now?: number) =>
  verifyHeartbeatAnswer(text, expected, world.root.publicKey, lowest, now);
const refused = (text: string, code: string, lowest = 7, now?: number) =>
  expect(verify(text, lowest, now)).rejects.toMatchObject({ name: "ProtocolError", code });
const header = () => ({ typ: TYP.heartbeat, certificate: world.instance.certificate });

test("an answer brings the time and the trust list", async () => {
  const { answer, list } = await verify(jws, 7, NOW + 30);
  expect(answer).toEqual(claims);
  expect(list).toEqual(world.list);
});

test("no flipped bit of an answer passes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(7), (part, position, bit) =>
      expect(verify(flip(jws, part, position, bit))).rejects.toMatchObject({
        name: "ProtocolError",
      }),
    ),
    { numRuns: 300 },
  );
});

test.each<[string, Partial<HeartbeatAnswer>]>([
  ["over another nonce", { nonce: "yesterday's-nonce-of-this" }],
  ["for another agent", { sub: "agent-2" }],
])("an answer %s is refused", async (_, changes) => {
  const other = await signHeartbeatAnswer({ ...claims, ...changes }, world.instance);
  await refused(other, "heartbeatAnswerInvalid");
});

test("an answer is refused where it lies over a minute from the time that was learned", async () => {
  for (const now of [NOW - 61, NOW + 61]) await refused(jws, "heartbeatAnswerInvalid", 7, now);
  for (const now of [NOW - 60, NOW + 60]) await verify(jws, 7, now);
});

test("an answer with an older list is refused", async () => {
  await refused(jws, "trustListOutdated", 8);
});

test("an answer with a list by another root is refused, as is one without", async () => {
  const root = await newKeyPair("root");
  const trustList = await signTrustList(world.list, root.signer);
  for (const wrong of [trustList, "", world.instance.certificate])
    await refused(
      await signHeartbeatAnswer({ ...claims, trustList: wrong }, world.instance),
      "trustListInvalid",
    );
});

test("an answer whose signer its own list does not name is refused", async () => {
  const answer = await answerWith({ ...world.list, serial: 8, signingKeys: [] });
  await refused(await signHeartbeatAnswer(answer, world.instance), "certificateInvalid");
});

test("an answer under a certificate that had ended by its own time is refused", async () => {
  const instance = await newInstance(world.signing, NOW - 7_200);
  await refused(await signHeartbeatAnswer(claims, instance), "certificateInvalid");
});

test("an old answer cannot pass for a new one by its own old time", async () => {
  const instance = await newInstance(world.signing, NOW - 7_200);
  const old = await signHeartbeatAnswer({ ...claims, iat: NOW - 7_200 }, instance);
  await refused(old, "heartbeatAnswerInvalid", 7, NOW);
});

test("unsigned, HS256, stranger's, of another typ, with unknown members: refused", async () => {
  const { instance } = world;
  const stranger = await newKeyPair("x");
  await verify(await forge(header(), claims, instance.key));
  for (const wrong of [
    unsigned(header(), claims),
    hs256(header(), claims, instance.publicKey),
    await forge(header(), claims, stranger.privateKey),
    await forge({ typ: TYP.heartbeat }, claims, instance.key),
    await forge({ ...header(), typ: TYP.request }, claims, instance.key),
    await forge(header(), { ...claims, extra: 1 }, instance.key),
    await forge(header(), { ...claims, version: 2 }, instance.key),
    "garbage",
    "",
  ])
    await refused(wrong, "heartbeatAnswerInvalid");
});

const beat = {
  version: 1,
  nonce: "n".repeat(22),
  counter: 1,
  agentVersion: "1.0.0",
  state: "listening",
  relay: "up",
  directory: { state: "up" },
  serial: 0,
};

test("a heartbeat keeps to its shape", () => {
  expect(heartbeat.safeParse(beat).success).toBe(true);
  for (const wrong of [
    { version: 2 },
    { counter: 0 },
    { counter: 1.5 },
    { nonce: "short" },
    { state: "idle" },
    { directory: { state: "gone" } },
    { agentVersion: "1".repeat(33) },
    { serial: -1 },
  ])
    expect(heartbeat.safeParse({ ...beat, ...wrong }).success).toBe(false);
  expect(claimsOf(jws)).toEqual(claims);
});

test("what a newer agent adds to a heartbeat is left out, and the rest is judged as ever", () => {
  const known = fc.constantFrom(...Object.keys(beat));
  const added = fc.dictionary(
    fc.string().filter((name) => !(name in beat) && !(name in beat.directory)),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(added, known, (more, name) => {
      const newer = { ...more, ...beat, directory: { ...more, ...beat.directory } };
      expect(heartbeat.parse(newer)).toEqual(beat);
      expect(heartbeat.safeParse({ ...newer, [name]: null }).success).toBe(false);
    }),
  );
});

test("an answer says how who signed it reads", async () => {
  expect(readsOf(jws)).toBe(READS);
  expect(readsOf(await forge(header(), claims, world.instance.key))).toBe(1);
});

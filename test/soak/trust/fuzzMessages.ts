import { isDeepStrictEqual } from "node:util";
import { openRequest, sealRequest } from "../../../protocol/envelope.ts";
import {
  type HeartbeatAnswer,
  signHeartbeatAnswer,
  verifyHeartbeatAnswer,
} from "../../../protocol/heartbeat.ts";
import { ProtocolError } from "../../../protocol/protocolError.ts";
import { openReply, sealReply } from "../../../protocol/reply.ts";
import { request } from "../../../protocol/request.ts";
import { signHere, TYP } from "../../../protocol/signedObject.ts";
import { signTrustList } from "../../../protocol/trustList.ts";
import {
  CONNECTOR,
  changeOf,
  NOW,
  newInstance,
  newKeyPair,
  newWorld,
  sealText,
  TENANT,
  type World,
} from "../../unit/protocol/world.ts";
import { mutateBytes, mutateJson, mutateText } from "./mutate.ts";
import type { Random } from "./random.ts";
import { type Fate, type TrustFigures, tally } from "./tally.ts";

/** A refusal is of the protocol's own kind; anything else is a crash. */
function refusedOrThrow(error: unknown): Fate {
  if (error instanceof ProtocolError) return "refused";
  throw error;
}

type Json = Record<string, unknown>;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value) ?? "");

/** Everything that a rogue bus, or whoever knows the agents' public keys, has at hand. */
async function materials() {
  const world = await newWorld();
  const rogue = await newInstance(await newKeyPair("signing"));
  const asked = changeOf();
  const jws = await signHere(TYP.request, asked, world.instance.key, world.instance.certificate);
  const forged = await signHere(TYP.request, asked, rogue.key, world.instance.certificate);
  return {
    world,
    asked,
    jws,
    forged,
    sealed: await sealRequest(asked, world.instance, world.list.agents),
    byRogue: await sealRequest(asked, rogue, world.list.agents),
  };
}

async function hostileMessage(
  random: Random,
  { world, sealed, jws, forged, byRogue }: Awaited<ReturnType<typeof materials>>,
): Promise<Uint8Array> {
  const envelope = () => JSON.parse(text(sealed)) as Json;
  const [header, claims, signature] = jws.split(".");
  switch (random.int(9)) {
    case 0:
    case 1:
      return mutateBytes(random, sealed);
    case 2:
    case 3:
      return bytes(mutateJson(random, envelope()));
    case 4: {
      const recipients = envelope().recipients as Json[];
      return bytes({ ...envelope(), recipients: mutateJson(random, recipients) });
    }
    case 5:
      return sealText(mutateText(random, jws), [world.one.entry]);
    case 6: {
      const changed = { ...(mutateJson(random, changeOf()) as object) };
      const payload = Buffer.from(JSON.stringify(changed)).toString("base64url");
      return sealText([header, payload, signature].join("."), [world.one.entry]);
    }
    case 7:
      return sealText([header, claims, forged.split(".")[2]].join("."), [world.one.entry]);
    default:
      return mutateBytes(random, random.oneIn(2) ? byRogue : sealed.subarray(0, sealed.length - 1));
  }
}

/** Messages of a rogue bus: none may open as anything but what an honest instance asked for. */
export async function fuzzMessages(
  seed: number,
  count: number,
  open: typeof openRequest = openRequest,
): Promise<TrustFigures> {
  const own = await materials();
  const { world, asked } = own;
  const trusted = { list: world.list, connector: CONNECTOR, tenant: TENANT };
  return tally("bus messages", seed, count, async (random) => {
    const body = await hostileMessage(random, own);
    return open(body, world.one.keys, trusted, NOW).then(
      ({ claims }): Fate => (isDeepStrictEqual(claims, asked) ? "harmless" : "bypass"),
      refusedOrThrow,
    );
  });
}

/** Claims that an honest key has signed and no schema has seen: refused, or of the schema. */
export async function fuzzClaims(seed: number, count: number): Promise<TrustFigures> {
  const { world } = await materials();
  const { key, certificate } = world.instance;
  const trusted = { list: world.list, connector: CONNECTOR, tenant: TENANT };
  return tally("claims", seed, count, async (random) => {
    const claims = mutateJson(random, changeOf()) as object;
    const jws = await signHere(TYP.request, claims ?? {}, key, certificate);
    const body = await sealText(jws, [world.one.entry]);
    return openRequest(body, world.one.keys, trusted, NOW).then(({ claims: read }): Fate => {
      const isWhole = request.safeParse(read).success;
      return isWhole && read.aud === CONNECTOR && read.iss === TENANT ? "harmless" : "bypass";
    }, refusedOrThrow);
  });
}

async function answers(world: World) {
  const nonce = "n".repeat(22);
  const trustList = await signTrustList(world.list, world.root.signer);
  const claims: HeartbeatAnswer = {
    version: 1,
    sub: "agent-1",
    nonce,
    iat: NOW,
    trustList,
    unresolved: [],
  };
  const other = await signTrustList({ ...world.list, serial: 9 }, world.signing.signer);
  const sign = (changes: object) => signHeartbeatAnswer({ ...claims, ...changes }, world.instance);
  return {
    nonce,
    claims,
    genuine: await sign({}),
    others: await Promise.all([
      sign({ nonce: "m".repeat(22) }),
      sign({ sub: "agent-2" }),
      sign({ iat: NOW - 3_000 }),
      sign({ trustList: other }),
    ]),
  };
}

/** Answers to a heartbeat, altered, replayed or forged: only the genuine one may be believed. */
export async function fuzzAnswers(seed: number, count: number): Promise<TrustFigures> {
  const world = await newWorld();
  const { nonce, claims, genuine, others } = await answers(world);
  const expected = { agent: "agent-1", nonce };
  const parts = genuine.split(".");
  return tally("heartbeat answers", seed, count, async (random) => {
    const replaced = [...parts];
    const at = random.int(3);
    const kind = random.int(4);
    if (kind === 0) replaced[at] = mutateText(random, parts[at] ?? "");
    if (kind === 1)
      replaced[1] = Buffer.from(JSON.stringify(mutateJson(random, claims)) ?? "").toString(
        "base64url",
      );
    if (kind === 2) replaced[at] = random.pick(others).split(".")[at] ?? "";
    const jws = kind === 3 ? mutateText(random, random.pick(others)) : replaced.join(".");
    return verifyHeartbeatAnswer(jws, expected, world.root.publicKey, 7, NOW).then(
      ({ answer }): Fate => (isDeepStrictEqual(answer, claims) ? "harmless" : "bypass"),
      refusedOrThrow,
    );
  });
}

/** Replies of a rogue listener: only what was sealed with the request's own key may be believed. */
export async function fuzzReplies(seed: number, count: number): Promise<TrustFigures> {
  const { jti, replyKey } = changeOf();
  const verdict = { version: 1, request: jti, agent: "agent-1", status: "failed" } as const;
  const [sealed, other] = await Promise.all([
    sealReply(verdict, replyKey),
    sealReply({ ...verdict, request: "00000000-0000-4000-8000-000000000000" }, replyKey),
  ]);
  return tally("replies", seed, count, (random) =>
    openReply(mutateBytes(random, random.oneIn(8) ? other : sealed), replyKey, jti).then(
      (read): Fate => (isDeepStrictEqual(read, verdict) ? "harmless" : "bypass"),
      refusedOrThrow,
    ),
  );
}

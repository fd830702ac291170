import fc from "fast-check";
import { UnlistedSignerError } from "../../../protocol/certificate.ts";
import { openRequest, sealRequest } from "../../../protocol/envelope.ts";
import { signHeartbeatAnswer } from "../../../protocol/heartbeat.ts";
import { ProtocolError } from "../../../protocol/protocolError.ts";
import { READS } from "../../../protocol/reads.ts";
import type { Request } from "../../../protocol/request.ts";
import { TYP } from "../../../protocol/signedObject.ts";
import { signTrustList } from "../../../protocol/trustList.ts";
import { flip, flipText, forge, hs256, unsigned } from "./forge.ts";
import {
  CONNECTOR,
  changeOf,
  NOW,
  newAgent,
  newInstance,
  newKeyPair,
  newWorld,
  sealText,
  TENANT,
  type World,
} from "./world.ts";

interface Jwe {
  protected: string;
  iv: string;
  ciphertext: string;
  tag: string;
  recipients: {
    header: { kid: string; alg: string; epk: Record<string, string> };
    encrypted_key: string;
  }[];
}

let world: World;
let sealed: Uint8Array;
beforeAll(async () => {
  world = await newWorld();
  sealed = await sealRequest(changeOf(), world.instance, world.list.agents);
});

const openWith = (body: Uint8Array, now = NOW, agent = world.one) =>
  openRequest(body, agent.keys, { list: world.list, connector: CONNECTOR, tenant: TENANT }, now);
const open = async (body: Uint8Array, now = NOW, agent = world.one): Promise<Request> =>
  (await openWith(body, now, agent)).claims;
const refused = (body: Uint8Array, code: string, now = NOW) =>
  expect(open(body, now)).rejects.toMatchObject({ name: "ProtocolError", code });

const parse = (body: Uint8Array): Jwe => JSON.parse(new TextDecoder().decode(body));
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
/** An envelope for both agents around a JWS of the test's making. */
const sealJws = (jws: string) => sealText(jws, world.list.agents);
const header = () => ({ typ: TYP.request, certificate: world.instance.certificate });

test("each listed agent opens what was sealed for all of them", async () => {
  expect(await open(sealed)).toEqual(changeOf());
  expect(await open(sealed, NOW, world.two)).toEqual(changeOf());
});

test("a request says how its maker reads; what says nothing is the first version's", async () => {
  expect(await openWith(sealed)).toEqual({ claims: changeOf(), reads: READS });
  const saying = async (reads: unknown) => {
    const jws = await forge({ ...header(), reads }, changeOf(), world.instance.key);
    return (await openWith(await sealJws(jws))).reads;
  };
  expect(await saying(undefined)).toBe(1);
  expect(await saying(3)).toBe(3);
  for (const nonsense of [0, -2, 1.5, "2", null, [2], { reads: 2 }])
    expect(await saying(nonsense)).toBe(1);
});

test("an expired request opens, so that it can be answered", async () => {
  expect((await open(sealed, NOW + 120)).exp).toBe(NOW + 9);
});

test("a request of 300 s opens", async () => {
  const body = await sealRequest(changeOf({ exp: NOW + 300 }), world.instance, world.list.agents);
  expect((await open(body)).exp).toBe(NOW + 300);
});

test("no changed byte of an envelope makes it say anything else", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(sealed.length - 1),
      fc.integer({ min: 1, max: 255 }),
      async (at, by) => {
        const changed = Uint8Array.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ by;
        // White space, the other agent's entry and the like are nobody's to protect.
        const read = await open(changed).catch((error: unknown) => {
          expect(error).toBeInstanceOf(ProtocolError);
          return changeOf();
        });
        expect(read).toEqual(changeOf());
      },
    ),
    { numRuns: 400 },
  );
});

test.each<[string, (jwe: Jwe, position: number, bit: number) => void]>([
  [
    "protected header",
    (jwe, at, bit) => {
      jwe.protected = flipText(jwe.protected, at, bit);
    },
  ],
  [
    "initialisation vector",
    (jwe, at, bit) => {
      jwe.iv = flipText(jwe.iv, at, bit);
    },
  ],
  [
    "ciphertext",
    (jwe, at, bit) => {
      jwe.ciphertext = flipText(jwe.ciphertext, at, bit);
    },
  ],
  [
    "tag",
    (jwe, at, bit) => {
      jwe.tag = flipText(jwe.tag, at, bit);
    },
  ],
  [
    "own encrypted key",
    (jwe, at, bit) => {
      for (const each of jwe.recipients) each.encrypted_key = flipText(each.encrypted_key, at, bit);
    },
  ],
  [
    "ephemeral key",
    (jwe, at, bit) => {
      for (const {
        header: { epk },
      } of jwe.recipients)
        epk.x = flipText(epk.x ?? "", at, bit);
    },
  ],
])("no flipped bit of the %s passes", async (_, change) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(7), async (position, bit) => {
      const jwe = parse(sealed);
      change(jwe, position, bit);
      await refused(bytes(jwe), "envelopeMalformed");
    }),
    { numRuns: 60 },
  );
});

test("no cut envelope and no garbage opens", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), (length) =>
      refused(sealed.slice(0, length), "envelopeMalformed"),
    ),
    { numRuns: 50 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (body) => refused(body, "envelopeMalformed"),
    ),
    { numRuns: 100 },
  );
});

test("too large is refused before it is parsed", async () => {
  await refused(new Uint8Array(65_537), "envelopeTooLarge");
});

test("an agent that is no recipient learns just that", async () => {
  const stranger = await newAgent("agent-3");
  await expect(open(sealed, NOW, stranger)).rejects.toMatchObject({
    code: "envelopeNotForThisAgent",
  });
  const other = await sealRequest(changeOf(), world.instance, [world.two.entry]);
  await refused(other, "envelopeNotForThisAgent");
});

test("another agent's entry under one's own kid opens nothing", async () => {
  const jwe = parse(await sealRequest(changeOf(), world.instance, [world.two.entry]));
  for (const each of jwe.recipients) each.header.kid = world.one.keys.kid;
  await refused(bytes(jwe), "envelopeMalformed");
});

test.each([
  [
    "another algorithm for the key",
    (jwe: Jwe) => {
      for (const r of jwe.recipients) r.header.alg = "ECDH-ES";
    },
  ],
  [
    "an algorithm none for the key",
    (jwe: Jwe) => {
      for (const r of jwe.recipients) r.header.alg = "none";
    },
  ],
  [
    "no recipient",
    (jwe: Jwe) => {
      jwe.recipients = [];
    },
  ],
  [
    "33 recipients",
    (jwe: Jwe) => {
      jwe.recipients = Array(33).fill(jwe.recipients[0]);
    },
  ],
])("%s is refused", async (_, change) => {
  const jwe = parse(sealed);
  change(jwe);
  await refused(bytes(jwe), "envelopeMalformed");
});

test("another content encryption or typ of the envelope is refused", async () => {
  const jws = await forge(header(), changeOf(), world.instance.key);
  expect(await open(await sealJws(jws))).toEqual(changeOf());
  for (const wrong of [
    { typ: "JWE" },
    { typ: undefined },
    { enc: "A128GCM" },
    { enc: "A256CBC-HS512" },
  ])
    await refused(await sealText(jws, world.list.agents, wrong), "envelopeMalformed");
});

test("no flipped bit of the request inside passes", async () => {
  const jws = await forge(header(), changeOf(), world.instance.key);
  await fc.assert(
    fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(7), async (part, position, bit) => {
      const body = await sealJws(flip(jws, part, position, bit));
      await expect(open(body)).rejects.toMatchObject({
        code: expect.stringMatching(/^(requestSignature|certificate)Invalid$/),
      });
    }),
    { numRuns: 150 },
  );
});

test("whoever can seal but not sign is refused", async () => {
  const stranger = await newKeyPair("instance");
  const without = { typ: TYP.request };
  for (const jws of [
    unsigned(header(), changeOf()),
    hs256(header(), changeOf(), world.instance.publicKey),
    await forge(header(), changeOf(), stranger.privateKey),
    await forge(without, changeOf(), world.instance.key),
    JSON.stringify(changeOf()),
    "",
  ])
    await refused(await sealJws(jws), "requestSignatureInvalid");
});

test("a request certified by nobody in the list is refused", async () => {
  const outsider = await newInstance(await newKeyPair("outsider"));
  await refused(await sealRequest(changeOf(), outsider, world.list.agents), "certificateInvalid");
});

test("a request is refused when its certificate has ended or has not begun", async () => {
  for (const iat of [NOW - 3_700, NOW + 100]) {
    const instance = await newInstance(world.signing, iat);
    await refused(await sealRequest(changeOf(), instance, world.list.agents), "certificateInvalid");
  }
});

test("a request that carries a longer certificate is refused", async () => {
  const instance = await newInstance(world.signing, NOW, 7_200);
  await refused(await sealRequest(changeOf(), instance, world.list.agents), "certificateInvalid");
});

test("objects of another typ, signed by the same keys, are no requests", async () => {
  const { instance, root, list } = world;
  const beat = {
    version: 1 as const,
    sub: "agent-1",
    nonce: "n".repeat(22),
    iat: NOW,
    trustList: await signTrustList(list, root.signer),
    unresolved: [],
  };
  const answer = await signHeartbeatAnswer(beat, instance);
  await refused(await sealJws(answer), "requestSignatureInvalid");
  for (const typ of Object.values(TYP).filter((each) => each !== TYP.request)) {
    const jws = await forge({ ...header(), typ }, changeOf(), instance.key);
    await refused(await sealJws(jws), "requestSignatureInvalid");
  }
  await refused(await sealJws(instance.certificate), "requestSignatureInvalid");
});

test.each<[string, Record<string, unknown>, string]>([
  ["for another connector", { aud: "emea" }, "requestAudienceWrong"],
  ["of another tenant", { iss: "7d3c2f10-0000-4000-8000-00000000bbbb" }, "requestAudienceWrong"],
  ["from a clock 61 s ahead", { iat: NOW + 61 }, "requestFromFuture"],
  ["of a newer version", { version: 2 }, "requestVersionUnsupported"],
  ["of no version", { version: undefined }, "requestVersionUnsupported"],
  ["of a version that is text", { version: "1" }, "requestVersionUnsupported"],
  ["with an unknown member", { force: true }, "envelopeMalformed"],
  ["with an unknown operation", { operation: "delete" }, "requestVersionUnsupported"],
  ["with no operation", { operation: undefined }, "requestVersionUnsupported"],
  ["without an expiry", { exp: undefined }, "envelopeMalformed"],
  ["that would live for longer than 300 s", { exp: NOW + 301 }, "envelopeMalformed"],
  ["that would live for ever", { exp: Number.MAX_SAFE_INTEGER }, "envelopeMalformed"],
  ["with a short reply key", { replyKey: "AAAA" }, "envelopeMalformed"],
  ["with a password that cannot be", { newPassword: "a\u0000b" }, "envelopeMalformed"],
  [
    "with an unknown member of the target",
    { target: { ...changeOf().target, dn: "x" } },
    "envelopeMalformed",
  ],
])("a well signed request %s is refused", async (_, changes, code) => {
  const jws = await forge(header(), { ...changeOf(), ...changes }, world.instance.key);
  await refused(await sealJws(jws), code);
});

test("a version that is not understood is told even where the rest is not either", async () => {
  const jws = await forge(header(), { version: 2, anything: 1 }, world.instance.key);
  await refused(await sealJws(jws), "requestVersionUnsupported");
});

test("what is not understood can be answered, if it was signed for this connector", async () => {
  const { jti, replyKey, exp } = changeOf();
  const thrown = async (changes: Record<string, unknown>) => {
    const jws = await forge(header(), { ...changeOf(), ...changes }, world.instance.key);
    return open(await sealJws(jws)).catch((error: unknown) => error);
  };
  for (const changes of [{ version: 2 }, { operation: "rename" }, { force: true }])
    expect(await thrown(changes)).toMatchObject({ request: { jti, replyKey, exp } });
  for (const wrong of [undefined, "soon"])
    expect(await thrown({ version: 2, exp: wrong })).toMatchObject({
      request: { jti, replyKey, exp: 0 },
    });
  for (const changes of [{ aud: "emea" }, { iss: "x" }, { jti: "1" }, { replyKey: "AAAA" }])
    expect(await thrown({ ...changes, version: 2 })).not.toHaveProperty("request");
});

test("a clock 59 s ahead is tolerated", async () => {
  const body = await sealRequest(changeOf({ iat: NOW + 59 }), world.instance, world.list.agents);
  expect((await open(body)).iat).toBe(NOW + 59);
});

test("no error quotes what it was about", async () => {
  const secret = "Canary-Pa55word";
  const claims = { ...changeOf({ newPassword: secret }), [secret]: secret };
  const body = await sealJws(await forge(header(), claims, world.instance.key));
  const error = await open(body).catch((thrown: unknown) => thrown);
  expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain(secret);
});

test("of several keys that an agent holds the recipient's kid says which one opens it", async () => {
  const [older, newer] = await Promise.all([newAgent("agent-1"), newAgent("agent-1")]);
  const trusted = { list: world.list, connector: CONNECTOR, tenant: TENANT };
  const keys = [older.keys, newer.keys];
  for (const { entry } of [older, newer]) {
    const body = await sealRequest(changeOf(), world.instance, [entry]);
    expect((await openRequest(body, keys, trusted, NOW)).claims).toEqual(changeOf());
  }
  // Under another kid the right key is not tried.
  const renamed = { ...newer.entry, kid: older.entry.kid };
  const body = await sealRequest(changeOf(), world.instance, [renamed]);
  await expect(openRequest(body, keys, trusted, NOW)).rejects.toMatchObject({
    code: "envelopeMalformed",
  });
});

test("a request by an unlisted signer tells what it claims to be, if it is for this connector", async () => {
  const unlisted = await newInstance(await newKeyPair("another"));
  const claimedOf = async (changes: Partial<ReturnType<typeof changeOf>>) => {
    const body = await sealRequest(changeOf(changes), unlisted, world.list.agents);
    const error = await open(body).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnlistedSignerError);
    return (error as UnlistedSignerError).claimed;
  };
  const { jti, replyKey, exp } = changeOf();
  expect(await claimedOf({})).toEqual({ jti, replyKey, exp });
  expect(await claimedOf({ aud: "other" })).toBeUndefined();
  expect(await claimedOf({ iss: "7d3c2f10-0000-4000-8000-00000000bbbb" })).toBeUndefined();
});

import { readUser } from "../../../local/accounts/readUser.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import type { Request } from "../../../protocol/request.ts";
import { TYP } from "../../../protocol/signedObject.ts";
import { flipText, forge, hs256, unsigned } from "../../unit/protocol/forge.ts";
import { sealText } from "../../unit/protocol/world.ts";
import { AgentFixture } from "../agent/agentFixture.ts";
import type { AgentProcess } from "../agent/agentProcess.ts";
import { until } from "../agent/scriptedCloud.ts";
import { enrolledKey, TrustRoot } from "../agent/trustRoot.ts";

/** Whoever is meant by the requests of this file. */
const VICTIM = "sam";
const NEW = "Rogue-Lantern-58";

interface Jwe {
  protected: string;
  iv: string;
  ciphertext: string;
  tag: string;
  recipients: { header: Record<string, unknown>; encrypted_key: string }[];
}

let fixture: AgentFixture;
let agent: AgentProcess;
beforeAll(async () => {
  fixture = await AgentFixture.open();
  agent = await fixture.start();
}, 60_000);
afterAll(async () => {
  await agent?.child.stop();
  await fixture?.close();
});

const queue = () => fixture.cloud.broker.queue(requestsQueueName("corp"));
const genuine = (wish = {}): Request => fixture.resetOf(VICTIM, NEW, wish);
const seal = (request: Request) => fixture.cloud.root.seal(request, fixture.key);
const recipient = () => [{ kid: fixture.key.kid, encryptionKey: fixture.key.open }];
/** Seals any text for the agent: its public key is no secret. */
const sealed = (text: string) => sealText(text, recipient());
const certificate = async () => (await fixture.cloud.root.identity()).certificate;

async function changed(request: Request, change: (jwe: Jwe) => unknown): Promise<Uint8Array> {
  const jwe = JSON.parse(Buffer.from(await seal(request)).toString("utf8")) as Jwe;
  change(jwe);
  return Buffer.from(JSON.stringify(jwe));
}

/** What must not have moved: the account, and the number of writes that took effect. */
const standing = async () => ({
  account: await readUser(fixture.directory, VICTIM),
  writes: fixture.directory.counters.modifiesApplied,
});

/** Puts a message on the queue, waits until the agent has refused it, and looks for an effect. */
async function attack(body: Uint8Array | string, code: string, messageId?: string): Promise<void> {
  const before = await standing();
  const seen = agent.named(code).length;
  await fixture.cloud.sendBody(body, messageId);
  await agent.logs(code, seen + 1);
  expect(await standing()).toEqual(before);
}

const protectedHeader = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString("base64url");

test.each<[string, (jwe: Jwe) => unknown]>([
  ["the ciphertext", (jwe) => Object.assign(jwe, { ciphertext: flipText(jwe.ciphertext, 9, 3) })],
  ["the tag", (jwe) => Object.assign(jwe, { tag: flipText(jwe.tag, 0, 0) })],
  ["the initialisation vector", (jwe) => Object.assign(jwe, { iv: flipText(jwe.iv, 0, 0) })],
  [
    "the padding, cut off",
    (jwe) => Object.assign(jwe, { ciphertext: jwe.ciphertext.slice(0, 4_000) }),
  ],
  [
    "the encryption, downgraded",
    (jwe) => {
      jwe.protected = protectedHeader({ enc: "A128GCM", typ: "password-writeback-envelope+jwe" });
    },
  ],
  [
    "the type of the envelope",
    (jwe) => {
      jwe.protected = protectedHeader({ enc: "A256GCM", typ: "password-writeback-reply+jwe" });
    },
  ],
  [
    "the key agreement, downgraded",
    (jwe) => {
      for (const { header } of jwe.recipients) header.alg = "ECDH-ES";
    },
  ],
  [
    "the key agreement, a shared secret",
    (jwe) => {
      for (const { header } of jwe.recipients) header.alg = "dir";
    },
  ],
  [
    "the key agreement, none",
    (jwe) => {
      for (const { header } of jwe.recipients) header.alg = "none";
    },
  ],
])("a rogue sender alters a request (%s): nothing is written", async (_, change) => {
  const request = genuine();
  await attack(await changed(request, change), "envelopeMalformed", request.jti);
});

test("a rogue sender swaps the recipients of a request: nothing is written", async () => {
  const other = await enrolledKey();
  const request = genuine();
  const both = await fixture.cloud.root.seal(request, fixture.key, other);
  const jwe = JSON.parse(Buffer.from(both).toString("utf8")) as Jwe;
  const [mine, theirs] = jwe.recipients;
  if (!mine || !theirs) throw new Error("two recipients were sealed for");
  [mine.header.kid, theirs.header.kid] = [theirs.header.kid, mine.header.kid];
  await attack(Buffer.from(JSON.stringify(jwe)), "envelopeMalformed", request.jti);
});

test("a rogue sender forges a request with keys of its own: nothing is written", async () => {
  const own = await TrustRoot.create();
  const { key, certificate: ownCertificate } = await own.identity();
  const claims = genuine();
  const header = { typ: TYP.request, certificate: await certificate() };
  const ownPublic = (await enrolledKey()).open;
  const texts = [
    await forge(header, claims, key),
    unsigned(header, claims),
    hs256(header, claims, ownPublic),
    await forge({ ...header, certificate: `${ownCertificate}x`, jwk: ownPublic }, claims, key),
    JSON.stringify(claims),
  ];
  for (const [at, text] of texts.entries())
    await attack(
      await sealed(text),
      at === 3 ? "certificateInvalid" : "requestSignatureInvalid",
      genuine().jti,
    );
});

test("a rogue sender passes one signed object off for another: nothing is written", async () => {
  const { root } = fixture.cloud;
  const identity = await root.identity();
  const header = { certificate: identity.certificate };
  const texts = [
    await root.sign(root.list(1, [])),
    identity.certificate,
    ...(await Promise.all(
      [TYP.heartbeat, TYP.trustList, TYP.certificate, "JWT"].map((typ) =>
        forge({ ...header, typ }, genuine(), identity.key),
      ),
    )),
  ];
  for (const text of texts)
    await attack(await sealed(text), "requestSignatureInvalid", genuine().jti);
});

test("a rogue sender downgrades the version of a request: nothing is written", async () => {
  const { key } = await fixture.cloud.root.identity();
  const header = { typ: TYP.request, certificate: await certificate() };
  for (const version of [0, 2, "1", null])
    await attack(
      await sealed(await forge(header, { ...genuine(), version }, key)),
      "requestVersionUnsupported",
      genuine().jti,
    );
});

test("a rogue sender reroutes a request to another connector or tenant: nothing is written", async () => {
  for (const wish of [{ aud: "emea" }, { iss: "7d3c2f10-0000-4000-8000-00000000bbbb" }])
    await attack(await seal(genuine(wish)), "requestAudienceWrong", genuine().jti);
});

test("a rogue sender stretches the expiry of a request: nothing is written", async () => {
  const before = await standing();
  const now = Date.now() / 1_000;
  // The message itself may live for two minutes more: that is the bus's word, and not the
  // request's.
  const late = genuine({ iat: now - 12, exp: now - 2 });
  expect(await fixture.cloud.ask(late, fixture.key)).toMatchObject({
    status: "failed",
    code: "requestExpired",
  });
  await attack(await seal(genuine({ exp: now + 301 })), "envelopeMalformed");
  expect(await standing()).toEqual(before);
});

test("a rogue sender replays a request under other ids: it was carried out once", async () => {
  const request = genuine();
  const body = await seal(request);
  await fixture.cloud.sendBody(body, request.jti);
  expect(await fixture.cloud.answer(request)).toMatchObject({ status: "succeeded" });
  for (const id of [undefined, request.jti.toUpperCase(), ` ${request.jti}`])
    await attack(body, "requestRepeated", id);
});

test("a bus that delivers a request again under its own id: it was carried out once", async () => {
  const request = fixture.resetOf(VICTIM, "Twice-Lantern-59");
  fixture.cloud.broker.faults.disposition = () => "ignore";
  expect(await fixture.cloud.ask(request, fixture.key)).toMatchObject({ status: "succeeded" });
  fixture.cloud.broker.faults.disposition = undefined;
  const before = await standing();
  const seen = agent.named("requestRepeated").length;
  queue().expireLocks();
  await agent.logs("requestRepeated", seen + 1);
  expect(await standing()).toEqual(before);
});

test("a rogue sender reorders two requests: the older one never undoes the newer", async () => {
  const now = Date.now() / 1_000;
  const older = genuine({ iat: now - 8, exp: now + 20, newPassword: "Older-Lantern-60" });
  const newer = genuine({ newPassword: "Newer-Lantern-61" });
  expect(await fixture.cloud.ask(newer, fixture.key)).toMatchObject({ status: "succeeded" });
  const before = await standing();
  expect(await fixture.cloud.ask(older, fixture.key)).toMatchObject({ code: "superseded" });
  expect(await standing()).toEqual(before);
  expect(await fixture.binds(VICTIM, "Newer-Lantern-61")).toBe("ok");
});

test("a rogue sender writes into the log by ids of messages: each record stays one line", async () => {
  const id = `x"}\n{"time":"2026-01-01","level":"info","event":1,"name":"agentStopped"`;
  await attack("no envelope", "envelopeMalformed", id);
  expect(agent.named("agentStopped")).toEqual([]);
  expect(agent.named("envelopeMalformed").at(-1)).toMatchObject({ messageId: id });
});

test("a rogue sender certifies itself under the name of a listed key: nothing is written", async () => {
  const own = await TrustRoot.create();
  const request = genuine();
  await attack(await own.seal(request, fixture.key), "certificateInvalid", request.jti);
});

// The last one: the agent may take nothing for a while after it.
test("a rogue sender certifies itself under a name of its own: nothing is written", async () => {
  const own = await (await TrustRoot.create()).rolled();
  const request = genuine();
  const before = await standing();
  await fixture.cloud.sendBody(await own.seal(request, fixture.key), request.jti);
  await until("it is refused", () => agent.refused(request.jti));
  expect(agent.named("accepted").map(({ requestId }) => requestId)).not.toContain(request.jti);
  expect(await standing()).toEqual(before);
  expect(agent.child.running).toBe(true);
});

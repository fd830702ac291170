import fc from "fast-check";
import { base64url, CompactEncrypt } from "jose";
import type { Outcome } from "../../../protocol/outcome.ts";
import { openReply, sealReply } from "../../../protocol/reply.ts";
import { flip } from "./forge.ts";
import { changeOf } from "./world.ts";

const { jti, replyKey } = changeOf();
const outcome: Outcome = {
  version: 1,
  request: jti,
  agent: "agent-1",
  status: "failed",
  code: "passwordPolicyViolation",
  directory: { server: "dc1.corp.example", resultCode: 53, win32: "0000052D" },
};
const text = (body: Uint8Array) => new TextDecoder().decode(body);
const bytes = (compact: string) => new TextEncoder().encode(compact);
const refused = (body: Uint8Array, key = replyKey, id = jti) =>
  expect(openReply(body, key, id)).rejects.toMatchObject({
    name: "ProtocolError",
    code: "replyInvalid",
  });
/** A reply by somebody who has the key and keeps to nothing else. */
const seal = (claims: unknown, header: object = {}, key = replyKey) =>
  new CompactEncrypt(bytes(JSON.stringify(claims)))
    .setProtectedHeader({
      alg: "dir",
      enc: "A256GCM",
      typ: "password-writeback-reply+jwe",
      ...header,
    })
    .encrypt(base64url.decode(key));

test("a reply reads as it was sealed", async () => {
  expect(await openReply(await sealReply(outcome, replyKey), replyKey, jti)).toEqual(outcome);
});

test("no flipped bit of a reply passes", async () => {
  const sealed = text(await sealReply(outcome, replyKey));
  const parts = fc.constantFrom(0, 2, 3, 4);
  await fc.assert(
    fc.asyncProperty(parts, fc.nat(), fc.nat(7), (part, position, bit) =>
      refused(bytes(flip(sealed, part, position, bit))),
    ),
    { numRuns: 200 },
  );
  const withKey = sealed.split(".");
  withKey[1] = "AAAA";
  await refused(bytes(withKey.join(".")));
});

test("another key, another request, garbage and too much are refused", async () => {
  const sealed = await sealReply(outcome, replyKey);
  await refused(sealed, base64url.encode(new Uint8Array(32).fill(8)));
  await refused(sealed, replyKey, "3f0c6c1e-8a42-4b5e-9d57-0f7a1f1b2c3e");
  await refused(new Uint8Array());
  await refused(bytes("a.b.c.d.e"));
  await refused(new Uint8Array(16_385));
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), (body) => refused(body)),
    { numRuns: 50 },
  );
});

test.each<[string, object, object]>([
  ["another typ", {}, { typ: "password-writeback-request+jwt" }],
  ["no typ", {}, { typ: undefined }],
  ["an unknown version", { version: 2 }, {}],
  ["an unknown status", { status: "pending" }, {}],
  ["evidence of the wrong type", { directory: { server: 1 } }, {}],
])("a reply under the right key with %s is refused", async (_, changes, header) => {
  expect(await openReply(bytes(await seal(outcome)), replyKey, jti)).toEqual(outcome);
  await refused(bytes(await seal({ ...outcome, ...changes }, header)));
});

test("what a newer agent adds is left out, wherever it stands, and the rest is read", async () => {
  const newer = {
    ...outcome,
    note: "x",
    detail: {
      wasLocked: true,
      mood: "good",
      violations: [
        { code: "tooShort", minimum: 8, because: "of a rule" },
        { code: "tooPretty", maximum: 3 },
      ],
    },
    directory: { server: "dc1", text: "0000052D: …" },
  };
  expect(await openReply(bytes(await seal(newer)), replyKey, jti)).toEqual({
    ...outcome,
    detail: {
      wasLocked: true,
      violations: [{ code: "tooShort", minimum: 8 }, { code: "unknown" }],
    },
    directory: { server: "dc1" },
  });
});

test("a reply in another encryption is refused", async () => {
  const key = base64url.encode(new Uint8Array(64).fill(7));
  await refused(bytes(await seal(outcome, { enc: "A256CBC-HS512" }, key)), key);
  await refused(bytes(await seal(outcome, { alg: "A256KW" })));
});

test("no outcome is sealed that would not be read", async () => {
  await expect(sealReply({ ...outcome, request: "x" }, replyKey)).rejects.toThrow();
});

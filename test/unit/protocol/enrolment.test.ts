import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import {
  type EnrolmentMembers,
  enrolmentFingerprint,
  enrolmentRequest,
  invitation,
  invitationFingerprint,
  keyFingerprint,
  signEnrolmentRequest,
  verifyEnrolmentRequest,
} from "../../../protocol/enrolment.ts";
import { type PublicKey, publicKey } from "../../../protocol/trustList.ts";
import { newLeaf } from "./leaf.ts";

const newKey = (): PublicKey => {
  const { kty, crv, x, y } = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({
    format: "jwk",
  });
  return publicKey.parse({ kty, crv, x, y });
};

let asked: EnrolmentMembers;
let key: KeyObject;

beforeAll(async () => {
  const leaf = await newLeaf("rsa");
  key = createPrivateKey(leaf.key);
  asked = {
    version: 1,
    id: "agent-2",
    connector: "corp",
    encryptionKey: newKey(),
    certificate: leaf.certificate,
  };
});

describe("a request to enrol", () => {
  it("is read with its proof", async () => {
    const request = await signEnrolmentRequest(asked, key);
    expect(await verifyEnrolmentRequest(JSON.parse(JSON.stringify(request)))).toEqual(request);
  });

  it.each([
    ["another id", { id: "agent-3" }],
    ["another connector", { connector: "branch" }],
    ["another encryption key", { encryptionKey: newKey() }],
    ["a member too many", { expires: 1 }],
    ["no proof", { proof: undefined }],
    ["another version", { version: 2 }],
  ])("is refused with %s", async (_, change) => {
    const request = { ...(await signEnrolmentRequest(asked, key)), ...change };
    await expect(verifyEnrolmentRequest(request)).rejects.toMatchObject({
      code: "enrolmentInvalid",
    });
  });

  it("is refused with a certificate of somebody else", async () => {
    const other = await newLeaf("rsa");
    const request = {
      ...(await signEnrolmentRequest(asked, key)),
      certificate: other.certificate,
    };
    await expect(verifyEnrolmentRequest(request)).rejects.toMatchObject({
      code: "enrolmentInvalid",
    });
  });

  it("is refused with a certificate that Entra would not take, or none", async () => {
    const { certificate } = await newLeaf("ec");
    const request = await signEnrolmentRequest(asked, key);
    expect(enrolmentRequest.safeParse({ ...request, certificate }).success).toBe(false);
    expect(enrolmentRequest.safeParse({ ...request, certificate: "PEM" }).success).toBe(false);
  });
});

it("is refused with anything beside its one certificate, which no fingerprint would show", async () => {
  const request = await signEnrolmentRequest(asked, key);
  const { certificate } = await newLeaf("rsa");
  const texts = [
    asked.certificate + certificate,
    `x\n${asked.certificate}`,
    `${asked.certificate}x`,
  ];
  for (const text of texts)
    await expect(verifyEnrolmentRequest({ ...request, certificate: text })).rejects.toMatchObject({
      code: "enrolmentInvalid",
    });
});

describe("the fingerprint", () => {
  it("is eight groups of four and does not mind line ends", () => {
    const fingerprint = enrolmentFingerprint(asked);
    expect(fingerprint).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){7}$/);
    const certificate = asked.certificate.replaceAll("\n", "\r\n");
    expect(enrolmentFingerprint({ ...asked, certificate })).toBe(fingerprint);
  });

  it("differs where any member differs", async () => {
    const { certificate } = await newLeaf("rsa");
    const all = [
      asked,
      { ...asked, id: "agent-3" },
      { ...asked, connector: "branch" },
      { ...asked, encryptionKey: newKey() },
      { ...asked, certificate },
    ].map(enrolmentFingerprint);
    expect(new Set(all).size).toBe(5);
  });

  it("of a key differs where the key differs", () => {
    expect(keyFingerprint(newKey())).not.toBe(keyFingerprint(newKey()));
  });
});

describe("an invitation", () => {
  const given = {
    version: 1,
    api: "https://writeback.contoso.example",
    tenantId: "7d3c2f10-0000-4000-8000-00000000aaaa",
    authority: "https://login.microsoftonline.com",
    apiClientId: "7d3c2f10-0000-4000-8000-00000000a001",
    connector: "corp",
    relay: { namespace: "contoso.servicebus.windows.net" },
    rootKey: newKey(),
  };

  it("is read", () => {
    expect(invitation.parse(given)).toEqual(given);
  });

  it("has a fingerprint over every address, and the key", () => {
    const id = "7d3c2f10-0000-4000-8000-00000000a009";
    const all = [
      ...[{}, { api: "https://b.example" }, { tenantId: id }, { authority: "https://b.example" }],
      ...[{ apiClientId: id }, { connector: "branch" }, { relay: { namespace: "b.example" } }],
      { relay: { ...given.relay, endpoint: "https://b.example" } },
      { rootKey: newKey() },
    ].map((changes) => invitationFingerprint(invitation.parse({ ...given, ...changes })));
    expect(new Set(all).size).toBe(9);
    expect(all[0]).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){7}$/);
  });

  it.each([
    ["an address without TLS", { api: "http://writeback.contoso.example" }],
    ["a key with its private part", { rootKey: { ...newKey(), d: "A".repeat(43) } }],
    ["a name of a relay that is none", { relay: { namespace: "a b" } }],
    ["a member too many", { secret: "x" }],
  ])("is refused with %s", (_, change) => {
    expect(invitation.safeParse({ ...given, ...change }).success).toBe(false);
  });
});

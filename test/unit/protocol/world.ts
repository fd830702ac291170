import { randomUUID, webcrypto } from "node:crypto";
import {
  base64url,
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  GeneralEncrypt,
  generateKeyPair,
  importJWK,
} from "jose";
import { signCertificate } from "../../../protocol/certificate.ts";
import type { InstanceIdentity, RecipientKey } from "../../../protocol/envelope.ts";
import type { ChangeRequest } from "../../../protocol/request.ts";
import type { RemoteSigner } from "../../../protocol/signedObject.ts";
import {
  type PublicKey,
  publicKey,
  type TrustedAgent,
  type TrustList,
} from "../../../protocol/trustList.ts";

/** Seconds since 1970 at which everything in these tests happens. */
export const NOW = 1_800_000_000;
export const TENANT = "7d3c2f10-0000-4000-8000-00000000aaaa";
export const CONNECTOR = "corp";

/** A signing key with both halves, as a vault would hold it. */
export interface KeyPair {
  readonly signer: RemoteSigner;
  readonly publicKey: PublicKey;
  readonly privateKey: CryptoKey;
}

const publicHalf = async (key: CryptoKey): Promise<PublicKey> => {
  const { kty, crv, x, y } = await exportJWK(key);
  return publicKey.parse({ kty, crv, x, y });
};

export async function newKeyPair(kid: string): Promise<KeyPair> {
  const pair = await generateKeyPair("ES256", { extractable: true });
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const sign = async (data: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await webcrypto.subtle.sign(algorithm, pair.privateKey, data));
  return {
    signer: { kid, sign: (data) => sign(new Uint8Array(data)) },
    publicKey: await publicHalf(pair.publicKey),
    privateKey: pair.privateKey,
  };
}

export interface TestAgent {
  readonly entry: TrustedAgent;
  readonly keys: RecipientKey;
}

export async function newAgent(id: string): Promise<TestAgent> {
  const pair = await generateKeyPair("ECDH-ES+A256KW", { extractable: true });
  const encryptionKey = await publicHalf(pair.publicKey);
  const kid = await calculateJwkThumbprint(encryptionKey);
  const entry: TrustedAgent = {
    id,
    servicePrincipal: randomUUID(),
    connector: CONNECTOR,
    kid,
    encryptionKey,
    expires: NOW + 86_400,
  };
  return { entry, keys: { kid, key: pair.privateKey } };
}

/** An instance key with a certificate by `signing`, valid from `iat` for `seconds`. */
export async function newInstance(
  signing: KeyPair,
  iat = NOW,
  seconds = 3_600,
): Promise<InstanceIdentity & { readonly publicKey: PublicKey }> {
  const own = await newKeyPair("instance");
  const certificate = await signCertificate(
    { version: 1, sub: "instance-1", iat, exp: iat + seconds, cnf: { jwk: own.publicKey } },
    signing.signer,
  );
  return { key: own.privateKey, certificate, publicKey: own.publicKey };
}

/** Root key, signing key, one instance, two agents, and the list that names them. */
export async function newWorld() {
  const [root, signing, one, two] = await Promise.all([
    newKeyPair("root"),
    newKeyPair("signing"),
    newAgent("agent-1"),
    newAgent("agent-2"),
  ]);
  const list: TrustList = {
    version: 1,
    serial: 7,
    iat: NOW,
    signingKeys: [{ kid: "signing", key: signing.publicKey }],
    agents: [one.entry, two.entry],
  };
  return { root, signing, instance: await newInstance(signing), one, two, list };
}
export type World = Awaited<ReturnType<typeof newWorld>>;

export const changeOf = (changes: Partial<ChangeRequest> = {}): ChangeRequest => ({
  version: 1,
  iss: TENANT,
  aud: CONNECTOR,
  jti: "3f0c6c1e-8a42-4b5e-9d57-0f7a1f1b2c3d",
  iat: NOW,
  exp: NOW + 9,
  origin: "self",
  requester: { id: "5a3f1c00-0000-4000-8000-000000000011" },
  replyKey: base64url.encode(new Uint8Array(32).fill(7)),
  trackingId: "11111111-2222-4333-8444-555555555555",
  operation: "change",
  target: {
    id: "5a3f1c00-0000-4000-8000-000000000011",
    sourceAnchor: "wP/uAAAAAAAA/oD/AAAAEQ==",
    userPrincipalName: "alex@corp.example",
  },
  currentPassword: "Blue-Harbour-41",
  newPassword: "Amber-Lighthouse-7",
  ...changes,
});

/** Seals any text as an envelope: what somebody can make who knows the agents' public keys. */
export async function sealText(
  text: string,
  agents: readonly Pick<TrustedAgent, "kid" | "encryptionKey">[],
  protectedHeader: Record<string, unknown> = {},
): Promise<Uint8Array> {
  const jwe = new GeneralEncrypt(new TextEncoder().encode(text)).setProtectedHeader({
    enc: "A256GCM",
    typ: "password-writeback-envelope+jwe",
    ...protectedHeader,
  });
  for (const { kid, encryptionKey } of agents)
    jwe
      .addRecipient(await importJWK(encryptionKey, "ECDH-ES+A256KW"))
      .setUnprotectedHeader({ alg: "ECDH-ES+A256KW", kid });
  return new TextEncoder().encode(JSON.stringify(await jwe.encrypt()));
}

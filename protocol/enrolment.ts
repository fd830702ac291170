import { createHash, X509Certificate } from "node:crypto";
import { CompactSign, type CryptoKey, compactVerify, type KeyObject } from "jose";
import { z } from "zod";
import { ProtocolError } from "./protocolError.ts";
import { connectorName } from "./request.ts";
import { agentId, type PublicKey, publicKey } from "./trustList.ts";

/** Bytes of an invitation or of a request to be enrolled. */
export const MAX_ENROLMENT_BYTES = 16_384;
/** Bits of an RSA key that Entra signs an agent in by. */
const MIN_RSA_BITS = 2_048;
/** The one algorithm of a proof: the certificate's key is RSA (RFC 7518 section 3.5). */
const PROOF_ALGORITHM = "PS256";
const PROOF_TYP = "password-writeback-enrolment+jwt";

const httpsUrl = z.url({ protocol: /^https$/ }).max(2_048);
const hostName = z
  .string()
  .max(255)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/);

/** What an operator hands to an agent's host: where the service is and whom to trust. No secret. */
export const invitation = z.strictObject({
  version: z.literal(1),
  api: httpsUrl,
  tenantId: z.guid(),
  authority: httpsUrl,
  apiClientId: z.guid(),
  connector: connectorName,
  relay: z.strictObject({ namespace: hostName, endpoint: httpsUrl.optional() }),
  rootKey: publicKey,
});
export type Invitation = z.infer<typeof invitation>;

/** Nothing beside the one certificate: whoever uploads it uploads the whole text. */
export const rsaCertificate = z
  .string()
  .max(8_192)
  .regex(/^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/)
  .refine(isRsaCertificate, "no RSA certificate in PEM");

const members = {
  version: z.literal(1),
  id: agentId,
  connector: connectorName,
  encryptionKey: publicKey,
  /** PEM of the self-signed certificate of the agent's Entra application. */
  certificate: rsaCertificate,
};

/** What an agent asks to be enrolled with, or to go on with after it has made new keys. */
const enrolmentMembers = z.strictObject(members);
export type EnrolmentMembers = z.infer<typeof enrolmentMembers>;

export const enrolmentRequest = z.strictObject({
  ...members,
  /** Compact JWS over the other members by the certificate's key: whoever asks holds it. */
  proof: z.string().max(12_288),
});
export type EnrolmentRequest = z.infer<typeof enrolmentRequest>;

/**
 * Completes a request with its proof.
 * @param key the private key of the certificate
 */
export async function signEnrolmentRequest(
  asked: EnrolmentMembers,
  key: CryptoKey | KeyObject,
): Promise<EnrolmentRequest> {
  const claims = enrolmentMembers.parse(asked);
  const proof = await new CompactSign(new TextEncoder().encode(digestOf(claims)))
    .setProtectedHeader({ alg: PROOF_ALGORITHM, typ: PROOF_TYP })
    .sign(key);
  return { ...claims, proof };
}

/**
 * Reads a request and its proof.
 * @throws ProtocolError `enrolmentInvalid`, whatever was wrong
 */
export async function verifyEnrolmentRequest(given: unknown): Promise<EnrolmentRequest> {
  const parsed = enrolmentRequest.safeParse(given);
  if (!parsed.success) throw new ProtocolError("enrolmentInvalid", "shape");
  const { publicKey: key } = new X509Certificate(parsed.data.certificate);
  const proof = await compactVerify(parsed.data.proof, key, {
    algorithms: [PROOF_ALGORITHM],
  }).catch(() => undefined);
  const holds =
    proof?.protectedHeader.typ === PROOF_TYP &&
    new TextDecoder().decode(proof.payload) === digestOf(parsed.data);
  if (!holds) throw new ProtocolError("enrolmentInvalid", "proof");
  return parsed.data;
}

/**
 * What both people compare before an agent is trusted: encryption key, certificate, id and
 * connector in one value, eight groups of four.
 */
export const enrolmentFingerprint = (asked: EnrolmentMembers): string => grouped(digestOf(asked));

/**
 * What both people compare before an agent's host trusts an invitation: not the root key alone,
 * since the host sends its tokens to the addresses that stand there.
 */
export const invitationFingerprint = (given: Invitation): string =>
  grouped(
    sha256(
      JSON.stringify([
        "password-writeback invitation",
        ...[given.api, given.tenantId, given.authority, given.apiClientId, given.connector],
        ...[given.relay.namespace, given.relay.endpoint ?? null],
        ...[given.rootKey.kty, given.rootKey.crv, given.rootKey.x, given.rootKey.y],
      ]),
    ),
  );

/** How people know the operators' root key and the signing keys. */
export const keyFingerprint = ({ kty, crv, x, y }: PublicKey): string =>
  grouped(sha256(JSON.stringify(["password-writeback key", kty, crv, x, y])));

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Of the certificate's bytes: line ends of its text do not count. */
const digestOf = ({ id, connector, encryptionKey, certificate }: EnrolmentMembers): string =>
  sha256(
    JSON.stringify([
      "password-writeback agent",
      id,
      connector,
      [encryptionKey.kty, encryptionKey.crv, encryptionKey.x, encryptionKey.y],
      new X509Certificate(certificate).raw.toString("base64"),
    ]),
  );

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const GROUP = /.{4}/g;
const GROUPS = 8;

/** The first 160 bits in Base32 (RFC 4648 section 6): no digit looks like one of its letters. */
function grouped(hex: string): string {
  const bits = [...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0"));
  const letters = (bits.join("").match(/.{5}/g) ?? []).map((five) => ALPHABET[Number(`0b${five}`)]);
  return (letters.join("").match(GROUP) ?? []).slice(0, GROUPS).join("-");
}

function isRsaCertificate(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(pem).publicKey;
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    return asymmetricKeyType === "rsa" && bits >= MIN_RSA_BITS;
  } catch {
    return false;
  }
}

import { type CryptoKey, GeneralEncrypt, type GeneralJWE, generalDecrypt } from "jose";
import { z } from "zod";
import { UnlistedSignerError, verifyCertificate } from "./certificate.ts";
import {
  CLOCK_TOLERANCE_SECONDS,
  MAX_AGENTS_PER_CONNECTOR,
  MAX_ENVELOPE_BYTES,
  MAX_REQUEST_SECONDS,
  REQUEST_PADDING_BYTES,
} from "./limits.ts";
import { type Addressee, answerableClaims, NotUnderstoodError } from "./notUnderstoodError.ts";
import { pad, unpad } from "./padding.ts";
import { ProtocolError } from "./protocolError.ts";
import { readsOf } from "./reads.ts";
import { REQUEST_VERSION, type Request, request } from "./request.ts";
import { headerMember, signHere, TYP, unverifiedPayload, verifyPayload } from "./signedObject.ts";
import type { TrustedAgent, TrustList } from "./trustList.ts";

const KEY_AGREEMENT = "ECDH-ES+A256KW";
const CONTENT_ENCRYPTION = "A256GCM";
const ENVELOPE_TYP = "password-writeback-envelope+jwe";
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A function instance's own signing key, and the certificate that vouches for it. */
export interface InstanceIdentity {
  readonly key: CryptoKey;
  readonly certificate: string;
}

/** A request, and how who made it reads the answer. */
export interface OpenedRequest {
  readonly claims: Request;
  readonly reads: number;
}

/** An agent's private key, and the `kid` under which the trust list names it. */
export interface RecipientKey {
  readonly kid: string;
  readonly key: CryptoKey;
}

const part = z.string().max(MAX_ENVELOPE_BYTES);
const recipient = z.object({
  header: z.object({ kid: z.string().max(64), alg: z.literal(KEY_AGREEMENT) }).loose(),
  encrypted_key: part,
});
const envelope = z.object({
  protected: part,
  iv: part,
  ciphertext: part,
  tag: part,
  recipients: z.array(recipient).min(1).max(MAX_AGENTS_PER_CONNECTOR),
});

/**
 * Signs a request as this instance and encrypts it for each agent (RFC 7516 section 7.2.1).
 * @returns the bytes of the relay message's body
 */
export async function sealRequest(
  claims: Request,
  identity: InstanceIdentity,
  agents: readonly Pick<TrustedAgent, "kid" | "encryptionKey">[],
): Promise<Uint8Array> {
  const jws = await signHere(TYP.request, claims, identity.key, identity.certificate);
  const plaintext = pad(jws, REQUEST_PADDING_BYTES);
  const encryption = new GeneralEncrypt(plaintext).setProtectedHeader({
    enc: CONTENT_ENCRYPTION,
    typ: ENVELOPE_TYP,
  });
  for (const agent of agents) {
    encryption
      .addRecipient(agent.encryptionKey)
      .setUnprotectedHeader({ alg: KEY_AGREEMENT, kid: agent.kid });
  }
  try {
    return new TextEncoder().encode(JSON.stringify(await encryption.encrypt()));
  } finally {
    plaintext.fill(0);
  }
}

/**
 * Opens an envelope as one of its recipients and verifies who signed the request, for whom, and
 * when. Does not judge `exp`: an expired request is answered, and can be, once it is opened.
 * @throws ProtocolError, as NotUnderstoodError where it can be answered all the same:
 * `envelopeTooLarge`, `envelopeMalformed`, `envelopeNotForThisAgent`,
 * `certificateInvalid`, `requestSignatureInvalid`, `requestVersionUnsupported`,
 * `requestAudienceWrong`, `requestFromFuture`; UnlistedSignerError with what the request claims
 * @param own every key that the agent holds: the recipient's `kid` says which one opens it
 */
export async function openRequest(
  body: Uint8Array,
  own: RecipientKey | readonly RecipientKey[],
  trusted: Addressee & { readonly list: TrustList },
  nowSeconds: number,
): Promise<OpenedRequest> {
  const jws = await decrypt(body, [own].flat());
  const certificate = headerMember(jws, "certificate");
  if (certificate === undefined) throw new ProtocolError("requestSignatureInvalid");
  const key = await verifyCertificate(certificate, trusted.list, nowSeconds).catch(
    (error: unknown) => {
      if (!(error instanceof UnlistedSignerError)) throw error;
      throw new UnlistedSignerError(answerableClaims(unverifiedPayload(jws), trusted));
    },
  );
  const payload = await verifyPayload(jws, key, TYP.request, "requestSignatureInvalid");
  const claims = readClaims(payload, trusted);
  if (claims.aud !== trusted.connector || claims.iss !== trusted.tenant)
    throw new ProtocolError("requestAudienceWrong");
  if (claims.iat > nowSeconds + CLOCK_TOLERANCE_SECONDS)
    throw new ProtocolError("requestFromFuture");
  if (claims.exp - claims.iat > MAX_REQUEST_SECONDS) throw new ProtocolError("envelopeMalformed");
  return { claims, reads: readsOf(jws) };
}

async function decrypt(body: Uint8Array, own: readonly RecipientKey[]): Promise<string> {
  if (body.byteLength > MAX_ENVELOPE_BYTES) throw new ProtocolError("envelopeTooLarge");
  const parsed = readEnvelope(body);
  const keys = new Map(own.map(({ kid, key }) => [kid, key]));
  const mine = parsed.recipients.find(({ header }) => keys.has(header.kid));
  const key = mine && keys.get(mine.header.kid);
  if (!key) throw new ProtocolError("envelopeNotForThisAgent");
  try {
    const { plaintext, protectedHeader } = await generalDecrypt(
      { ...parsed, recipients: [mine] } as GeneralJWE,
      key,
      {
        keyManagementAlgorithms: [KEY_AGREEMENT],
        contentEncryptionAlgorithms: [CONTENT_ENCRYPTION],
      },
    );
    if (protectedHeader?.typ !== ENVELOPE_TYP) throw new ProtocolError("envelopeMalformed");
    return unpad(plaintext);
  } catch {
    throw new ProtocolError("envelopeMalformed");
  }
}

function readEnvelope(body: Uint8Array): z.infer<typeof envelope> {
  try {
    return envelope.parse(JSON.parse(utf8.decode(body)));
  } catch {
    throw new ProtocolError("envelopeMalformed");
  }
}

const OPERATIONS = new Set(request.options.map(({ shape }) => shape.operation.value));
const kind = z.object({ version: z.literal(REQUEST_VERSION), operation: z.string() });

function readClaims(payload: unknown, addressee: Addressee): Request {
  const parsed = request.safeParse(payload);
  if (parsed.success) return parsed.data;
  const { operation } = kind.safeParse(payload).data ?? {};
  const isKnown = OPERATIONS.has(operation as Request["operation"]);
  const code = isKnown ? "envelopeMalformed" : "requestVersionUnsupported";
  throw NotUnderstoodError.about(payload, addressee, code) ?? new ProtocolError(code);
}

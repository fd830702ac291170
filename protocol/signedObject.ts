import {
  base64url,
  CompactSign,
  type CryptoKey,
  compactVerify,
  decodeProtectedHeader,
  type JWK,
  type KeyObject,
} from "jose";
import type { z } from "zod";
import type { ErrorCode } from "./errors.ts";
import { ProtocolError } from "./protocolError.ts";
import { READS } from "./reads.ts";

/** The `typ` of each kind of signed object: none passes for another (RFC 8725 section 3.11). */
export const TYP = {
  trustList: "password-writeback-trust-list+jwt",
  certificate: "password-writeback-certificate+jwt",
  request: "password-writeback-request+jwt",
  heartbeat: "password-writeback-heartbeat+jwt",
} as const;
export type Typ = (typeof TYP)[keyof typeof TYP];

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The one algorithm of every signature (RFC 7518 section 3.4). */
export const SIGNATURE_ALGORITHM = "ES256";

export type VerificationKey = CryptoKey | KeyObject | JWK | Uint8Array;

/** A key that signs where it lies: a Key Vault key, of which only the signature comes out. */
export interface RemoteSigner {
  /** Key identifier that verifiers know the key by. */
  readonly kid: string;
  /** ES256 over the bytes: 64 bytes, r followed by s. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** A compact JWS by a key that never leaves its vault. */
export async function signRemotely(
  typ: Typ,
  claims: object,
  signer: RemoteSigner,
): Promise<string> {
  const header = { alg: SIGNATURE_ALGORITHM, typ, kid: signer.kid };
  const signingInput = [header, claims].map((part) => base64url.encode(JSON.stringify(part)));
  const signature = await signer.sign(new TextEncoder().encode(signingInput.join(".")));
  return [...signingInput, base64url.encode(signature)].join(".");
}

/**
 * A compact JWS by a key of this process; `certificate` says who vouches for that key, `reads` how
 * this process reads what it is answered.
 */
export async function signHere(
  typ: Typ,
  claims: object,
  key: CryptoKey,
  certificate: string,
): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(claims));
  try {
    return await new CompactSign(payload)
      .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, typ, certificate, reads: READS })
      .sign(key);
  } finally {
    // A request's claims hold passwords.
    payload.fill(0);
  }
}

/** A string member of the protected header, read before anything is verified. */
export function headerMember(jws: string, name: string): string | undefined {
  try {
    const value = decodeProtectedHeader(jws)[name];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The claims of a compact JWS, which nobody has verified; undefined where they are no JSON. */
export function unverifiedPayload(jws: string): unknown {
  try {
    return JSON.parse(utf8.decode(base64url.decode(jws.split(".")[1] ?? "")));
  } catch {
    return undefined;
  }
}

/**
 * Verifies a compact JWS and its claims' shape. Times, audience and serial are the caller's.
 * @throws ProtocolError with the given code, whatever was wrong: which part is nobody's business.
 */
export async function verifySigned<T>(
  jws: string,
  key: VerificationKey,
  typ: Typ,
  claims: z.ZodType<T>,
  code: ErrorCode,
): Promise<T> {
  const parsed = claims.safeParse(await verifyPayload(jws, key, typ, code));
  if (!parsed.success) throw new ProtocolError(code);
  return parsed.data;
}

/** As `verifySigned`, for readers that look at the version before the whole shape. */
export async function verifyPayload(
  jws: string,
  key: VerificationKey,
  typ: Typ,
  code: ErrorCode,
): Promise<unknown> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, key, {
      algorithms: [SIGNATURE_ALGORITHM],
    });
    try {
      if (protectedHeader.typ !== typ) throw new ProtocolError(code);
      return JSON.parse(utf8.decode(payload));
    } finally {
      payload.fill(0);
    }
  } catch {
    throw new ProtocolError(code);
  }
}

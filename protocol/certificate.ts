import { z } from "zod";
import { CLOCK_TOLERANCE_SECONDS, MAX_CERTIFICATE_SECONDS } from "./limits.ts";
import type { NotUnderstood } from "./notUnderstoodError.ts";
import { ProtocolError } from "./protocolError.ts";
import {
  headerMember,
  type RemoteSigner,
  signRemotely,
  TYP,
  verifySigned,
} from "./signedObject.ts";
import { type PublicKey, publicKey, type TrustList } from "./trustList.ts";

const certificate = z.strictObject({
  version: z.literal(1),
  /** The function instance. */
  sub: z.string().min(1).max(64),
  iat: z.number().positive(),
  exp: z.number().positive(),
  /** The instance's own key (RFC 7800 section 3.2). */
  cnf: z.strictObject({ jwk: publicKey }),
});
export type Certificate = z.infer<typeof certificate>;

/** The trust list does not name the key that signed a certificate; a newer list may. */
export class UnlistedSignerError extends ProtocolError {
  /** What the request claims that it came with; nobody has verified that. */
  readonly claimed: NotUnderstood | undefined;

  constructor(claimed?: NotUnderstood) {
    super("certificateInvalid", "signing key not in the trust list");
    this.claimed = claimed;
  }
}

/** Certifies an instance's key by a request-signing key of the vault, for at most an hour. */
export const signCertificate = (claims: Certificate, signer: RemoteSigner): Promise<string> =>
  signRemotely(TYP.certificate, certificate.parse(claims), signer);

/** Function instances that a reader may have to do with at the same time, generously. */
const MOST_REMEMBERED = 256;
/** Certificates whose signature was verified with a key of this very list, by their whole text. */
const verified = new WeakMap<TrustList, Map<string, Certificate>>();

/**
 * The key that a certificate vouches for, if the trust list names who signed it and it is in time.
 * Its signature is verified once for each list, its time at each use.
 * @throws ProtocolError `certificateInvalid`, as UnlistedSignerError where a newer list may help
 */
export async function verifyCertificate(
  jws: string,
  list: TrustList,
  nowSeconds: number,
): Promise<PublicKey> {
  const claims = verified.get(list)?.get(jws) ?? (await verifySignature(jws, list));
  const inTime =
    claims.iat <= nowSeconds + CLOCK_TOLERANCE_SECONDS &&
    claims.exp > nowSeconds - CLOCK_TOLERANCE_SECONDS &&
    claims.exp - claims.iat <= MAX_CERTIFICATE_SECONDS;
  if (!inTime) throw new ProtocolError("certificateInvalid", "not valid now");
  return claims.cnf.jwk;
}

async function verifySignature(jws: string, list: TrustList): Promise<Certificate> {
  const kid = headerMember(jws, "kid");
  const code = "certificateInvalid";
  if (kid === undefined) throw new ProtocolError(code);
  const signer = list.signingKeys.find((key) => key.kid === kid);
  if (!signer) throw new UnlistedSignerError();
  const claims = await verifySigned(jws, signer.key, TYP.certificate, certificate, code);
  const known = verified.get(list) ?? new Map<string, Certificate>();
  if (known.size >= MOST_REMEMBERED) known.clear();
  verified.set(list, known.set(jws, claims));
  return claims;
}

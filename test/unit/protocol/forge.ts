import { createHmac } from "node:crypto";
import { base64url, CompactSign, type CryptoKey } from "jose";

const json = (value: unknown): string => base64url.encode(JSON.stringify(value));

/** A compact JWS with any header, by a real key. */
export const forge = (header: object, claims: unknown, key: CryptoKey): Promise<string> =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: "ES256", ...header })
    .sign(key);

/** The same object without a signature (RFC 7515 appendix A.5). */
export const unsigned = (header: object, claims: unknown): string =>
  `${json({ ...header, alg: "none" })}.${json(claims)}.`;

/** The same object with the public key taken for a shared secret (RFC 8725 section 2.1). */
export function hs256(header: object, claims: unknown, publicKey: object): string {
  const input = `${json({ ...header, alg: "HS256" })}.${json(claims)}`;
  const mac = createHmac("sha256", JSON.stringify(publicKey)).update(input).digest("base64url");
  return `${input}.${mac}`;
}

/** Parts of a compact JWS or JWE. */
export const partsOf = (compact: string): string[] => compact.split(".");

/** Flips one bit of one part's bytes; positions wrap. */
export function flip(compact: string, part: number, position: number, bit: number): string {
  const parts = partsOf(compact);
  const index = part % parts.length;
  parts[index] = flipText(parts[index] ?? "", position, bit);
  return parts.join(".");
}

/** Flips one bit of the bytes behind a Base64url text. */
export function flipText(text: string, position: number, bit: number): string {
  const bytes = base64url.decode(text);
  const at = position % Math.max(bytes.length, 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
  return base64url.encode(bytes);
}

export const headerOf = (jws: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(partsOf(jws)[0] ?? "", "base64url").toString("utf8"));

export const claimsOf = (jws: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(partsOf(jws)[1] ?? "", "base64url").toString("utf8"));

/** Bits of the RSA key; Entra's library takes no other kind of key. */
const RSA_BITS = 3_072;
const DAY_MS = 86_400_000;
/** Days that the certificate is valid for. */
export const CERTIFICATE_DAYS = 400;

/** A private key and the certificate that stands for it, both as PEM. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
}

/**
 * Makes an RSA key and the self-signed certificate by which the agent's application in Entra knows
 * it.
 * @param name common name: an agent's id
 * @param now milliseconds since 1970
 */
export async function selfSignedCertificate(name: string, now: number): Promise<Identity> {
  // Loaded here alone: it alters the global `Reflect`, which an agent at work is spared.
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: name }], {
    keySize: RSA_BITS,
    algorithm: "sha256",
    // Yesterday: the clocks of two hosts differ.
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + CERTIFICATE_DAYS * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
    ],
  });
  return { key: made.private, certificate: made.cert };
}

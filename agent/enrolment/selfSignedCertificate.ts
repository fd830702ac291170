import { generateKeyPair, type KeyObject, randomBytes, sign } from "node:crypto";
import { promisify } from "node:util";
import * as asn1 from "asn1js";

/** Bits of the RSA key; Entra's library takes no other kind of key. */
const RSA_BITS = 3_072;
const DAY_MS = 86_400_000;
/** Days that the certificate is valid for. */
export const CERTIFICATE_DAYS = 400;

const OID = {
  commonName: "2.5.4.3",
  sha256WithRsa: "1.2.840.113549.1.1.11",
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
} as const;

/** A private key and the certificate that stands for it, both as PEM. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
}

/**
 * Makes an RSA key and the self-signed certificate (RFC 5280) by which the agent's application in
 * Entra knows it.
 * @param name common name
 * @param now milliseconds since 1970
 */
export async function selfSignedCertificate(name: string, now: number): Promise<Identity> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: RSA_BITS,
  });
  const toBeSigned = certificateBody(name, publicKey, now);
  const signature = sign("sha256", Buffer.from(toBeSigned.toBER()), privateKey);
  const certificate = sequence(
    toBeSigned,
    signatureAlgorithm(),
    new asn1.BitString({ valueHex: bytes(signature) }),
  );
  return {
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    certificate: pem(Buffer.from(certificate.toBER())),
  };
}

const bytes = (buffer: Uint8Array): ArrayBuffer => new Uint8Array(buffer).buffer;
const sequence = (...value: asn1.BaseBlock[]) => new asn1.Sequence({ value });
const oid = (value: string) => new asn1.ObjectIdentifier({ value });
const signatureAlgorithm = () => sequence(oid(OID.sha256WithRsa), new asn1.Null());
const explicit = (tagNumber: number, ...value: asn1.BaseBlock[]) =>
  new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
const time = (milliseconds: number) => new asn1.UTCTime({ valueDate: new Date(milliseconds) });
const extension = (id: string, value: asn1.BaseBlock) =>
  sequence(
    oid(id),
    new asn1.Boolean({ value: true }),
    new asn1.OctetString({ valueHex: value.toBER() }),
  );

function certificateBody(name: string, publicKey: KeyObject, now: number): asn1.Sequence {
  const holder = () =>
    sequence(
      new asn1.Set({
        value: [sequence(oid(OID.commonName), new asn1.Utf8String({ value: name }))],
      }),
    );
  // Positive, and of full length.
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const spki = asn1.fromBER(bytes(publicKey.export({ type: "spki", format: "der" }))).result;
  // Digital signature, the first of nine bits.
  const keyUsage = new asn1.BitString({ valueHex: bytes(Buffer.of(0x80)), unusedBits: 7 });
  return sequence(
    explicit(0, new asn1.Integer({ value: 2 })),
    new asn1.Integer({ valueHex: bytes(serial) }),
    signatureAlgorithm(),
    holder(),
    // Yesterday: the clocks of two hosts differ.
    sequence(time(now - DAY_MS), time(now + CERTIFICATE_DAYS * DAY_MS)),
    holder(),
    spki,
    explicit(
      3,
      sequence(extension(OID.basicConstraints, sequence()), extension(OID.keyUsage, keyUsage)),
    ),
  );
}

const pem = (der: Buffer): string => {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
};

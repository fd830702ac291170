import { getDiffieHellman } from "node:crypto";

const INTEGER = 0x02;
const SEQUENCE = 0x30;

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** The 2048-bit group of RFC 3526 §3 as PEM (`DHParameter` of PKCS #3). */
export function diffieHellmanParameters(): string {
  const group = getDiffieHellman("modp14");
  const prime = Buffer.concat([Buffer.from([0]), group.getPrime()]);
  const body = der(
    SEQUENCE,
    Buffer.concat([der(INTEGER, prime), der(INTEGER, group.getGenerator())]),
  );
  const lines = body.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN DH PARAMETERS-----", ...lines, "-----END DH PARAMETERS-----", ""].join("\n");
}

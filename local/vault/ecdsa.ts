import { createECDH, type JsonWebKey } from "node:crypto";

/** Order of the group of P-256 (SP 800-186, 3.2.1.3). */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const toInteger = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
const toBytes = (integer: bigint): Buffer =>
  Buffer.from(integer.toString(16).padStart(64, "0"), "hex");

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

/** By Fermat: N is prime. */
const inverse = (value: bigint): bigint => power(value, N - 2n);

/**
 * ECDSA on P-256 (FIPS 186-5, 6.4.1) over a digest that the caller made, which is what Key Vault
 * is sent; Node and WebCrypto sign only what they hash themselves.
 * @param digest 32 bytes
 * @returns r and s, 32 bytes each, as JWS has them (RFC 7518 §3.4)
 */
export function signDigest(digest: Uint8Array, privateKey: JsonWebKey): Buffer {
  const d = toInteger(Buffer.from(privateKey.d ?? "", "base64url"));
  const z = toInteger(digest);
  for (;;) {
    const ephemeral = createECDH("prime256v1");
    const point = ephemeral.generateKeys();
    const k = toInteger(ephemeral.getPrivateKey());
    const r = toInteger(point.subarray(1, 33)) % N;
    const s = (inverse(k) * ((z + r * d) % N)) % N;
    if (r !== 0n && s !== 0n) return Buffer.concat([toBytes(r), toBytes(s)]);
  }
}

import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import fc from "fast-check";
import { signDigest } from "../../../../local/vault/ecdsa.ts";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = privateKey.export({ format: "jwk" });
const key = createPublicKey(privateKey);
const holds = (data: Uint8Array, signature: Uint8Array) =>
  verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, signature);

test("Node's own ECDSA accepts every signature, and none for other data", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array({ minLength: 1 }), (data, more) => {
      const signature = signDigest(createHash("sha256").update(data).digest(), jwk);
      expect(signature).toHaveLength(64);
      expect(holds(data, signature)).toBe(true);
      expect(holds(Buffer.concat([data, more]), signature)).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test("a digest with leading zeros is signed", () => {
  const digest = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
  const signature = signDigest(digest, jwk);
  expect(signature).toHaveLength(64);
});

test("two signatures over one digest differ: the ephemeral key is never used twice", () => {
  const digest = createHash("sha256").update("x").digest();
  const [first, second] = [signDigest(digest, jwk), signDigest(digest, jwk)];
  expect(first.subarray(0, 32)).not.toEqual(second.subarray(0, 32));
});

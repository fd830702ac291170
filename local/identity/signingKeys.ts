import {
  type CryptoKey,
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

async function createKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { modulusLength: 2048 });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, publicJwk: { ...jwk, kid, use: "sig" } };
}

/** The keys of the issuer: the newest signs, all that are published verify. */
export class SigningKeys {
  private keys: SigningKey[];

  private constructor(first: SigningKey) {
    this.keys = [first];
  }

  static async create(): Promise<SigningKeys> {
    return new SigningKeys(await createKey());
  }

  /** The document at `jwks_uri`. As in Entra, a key names no `alg`. */
  published(): { keys: JWK[] } {
    return { keys: this.keys.map(({ publicJwk }) => publicJwk) };
  }

  /** Signs with a new key from now on; the older ones stay published unless `withdraw`. */
  async roll(withdraw = false): Promise<void> {
    const next = await createKey();
    this.keys = withdraw ? [next] : [next, ...this.keys];
  }

  async sign(claims: JWTPayload): Promise<string> {
    const [{ kid, privateKey }] = this.keys as [SigningKey];
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid })
      .sign(privateKey);
  }

  /** @throws a `JOSEError` that names the check which failed. */
  async verify(
    token: string,
    expected: { readonly issuer: string; readonly audience: string; readonly now: Date },
  ): Promise<JWTPayload> {
    const { payload } = await jwtVerify(token, createLocalJWKSet(this.published()), {
      issuer: expected.issuer,
      audience: expected.audience,
      currentDate: expected.now,
      algorithms: ["RS256"],
      typ: "JWT",
      requiredClaims: ["exp", "nbf", "iat", "oid", "tid"],
    });
    return payload;
  }
}

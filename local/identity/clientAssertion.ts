import { createHash, timingSafeEqual, X509Certificate } from "node:crypto";
import {
  decodeProtectedHeader,
  errors,
  importX509,
  type JWTHeaderParameters,
  jwtVerify,
} from "jose";
import type { Application } from "./application.ts";
import { EntraError } from "./entraError.ts";

export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const ALGORITHMS = ["RS256", "PS256"];
const LONGEST_LIFE_SECONDS = 86_400;
/** Entra's own; MSAL rounds `nbf` to the nearest second, so it can lie ahead. */
const SKEW_SECONDS = 300;

const refusal = (number: number, text: string) =>
  new EntraError("invalid_client", number, text, 401);

const digestOf = (pem: string, hash: "sha1" | "sha256"): Buffer =>
  createHash(hash).update(new X509Certificate(pem).raw).digest();

function namedBy(header: JWTHeaderParameters, pem: string): boolean {
  const sha256 = header["x5t#S256"];
  const name = typeof sha256 === "string" ? sha256 : header.x5t;
  if (typeof name !== "string") return false;
  const claimed = Buffer.from(name, "base64url");
  const actual = digestOf(pem, typeof sha256 === "string" ? "sha256" : "sha1");
  return claimed.length === actual.length && timingSafeEqual(claimed, actual);
}

function headerOf(assertion: string): JWTHeaderParameters {
  try {
    return decodeProtectedHeader(assertion) as JWTHeaderParameters;
  } catch {
    throw refusal(50027, "The client assertion is not a JWT.");
  }
}

/** Checks client assertions (RFC 7523 §3) and remembers those that it has seen. */
export class ClientAssertions {
  /** Identifiers seen, with the second from which they need not be remembered. */
  private readonly seen = new Map<string, number>();

  /** @throws {EntraError} if the assertion doesn't prove to be the application's. */
  async check(
    assertion: string,
    application: Application,
    tokenEndpoint: string,
    now: Date,
  ): Promise<void> {
    const header = headerOf(assertion);
    const pem = application.certificates?.find((certificate) => namedBy(header, certificate));
    if (!pem)
      throw refusal(700027, "No certificate of this client has the assertion's thumbprint.");
    const certificate = new X509Certificate(pem);
    if (now < certificate.validFromDate || now > certificate.validToDate) {
      throw refusal(1000502, "The certificate is not within its validity.");
    }
    const { jti, exp } = await this.claims(assertion, pem, header.alg, application, {
      tokenEndpoint,
      now,
    });
    const seconds = now.getTime() / 1000;
    for (const [old, end] of this.seen) if (end < seconds) this.seen.delete(old);
    const key = `${application.clientId} ${jti}`;
    if (this.seen.has(key)) throw refusal(700024, "The client assertion was used before.");
    this.seen.set(key, exp + SKEW_SECONDS);
  }

  private async claims(
    assertion: string,
    pem: string,
    algorithm: string,
    { clientId }: Application,
    expected: { readonly tokenEndpoint: string; readonly now: Date },
  ): Promise<{ jti: string; exp: number }> {
    if (!ALGORITHMS.includes(algorithm)) {
      throw refusal(700027, "The client assertion is signed with another algorithm.");
    }
    try {
      const { payload } = await jwtVerify(assertion, await importX509(pem, algorithm), {
        issuer: clientId,
        subject: clientId,
        audience: expected.tokenEndpoint,
        currentDate: expected.now,
        clockTolerance: SKEW_SECONDS,
        algorithms: [algorithm],
        requiredClaims: ["exp", "jti"],
      });
      const { jti, exp } = payload as { jti: string; exp: number };
      if (exp > expected.now.getTime() / 1000 + LONGEST_LIFE_SECONDS) {
        throw refusal(700024, "The client assertion lives too long.");
      }
      return { jti, exp };
    } catch (error) {
      if (error instanceof EntraError) throw error;
      const wrongTime =
        error instanceof errors.JWTExpired ||
        (error instanceof errors.JWTClaimValidationFailed && error.claim === "nbf");
      if (wrongTime) throw refusal(700024, "The client assertion is not within its time.");
      throw refusal(700027, "The client assertion failed signature or claim validation.");
    }
  }
}

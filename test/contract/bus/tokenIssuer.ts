import type { TokenCredential } from "@azure/service-bus";
import { generateKeyPair, jwtVerify, SignJWT } from "jose";
import type { MayUse, VerifyToken } from "../../../local/broker/authorisation.ts";
import type { Who } from "./busUnderTest.ts";

const ISSUER = "https://issuer.example";
const AUDIENCE = "https://servicebus.azure.net";
const HOUR_MS = 3_600_000;

/** Issues tokens for the broker's tests, and verifies them for the broker. */
export interface TokenIssuer {
  /** `lifetimeMs`: how long each of its tokens is good; the client is told of an hour. */
  credential(who: Who, lifetimeMs?: number): TokenCredential;
  readonly verifyToken: VerifyToken;
  readonly mayUse: MayUse;
}

export async function tokenIssuer(namespace: string): Promise<TokenIssuer> {
  const own = await generateKeyPair("ES256");
  const other = await generateKeyPair("ES256");
  return {
    credential: (who, lifetimeMs = who === "expired" ? -HOUR_MS : HOUR_MS) => ({
      getToken: async () => {
        const token = await new SignJWT({})
          .setProtectedHeader({ alg: "ES256" })
          .setSubject(who)
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setExpirationTime((Date.now() + lifetimeMs) / 1000)
          .sign(who === "forged" ? other.privateKey : own.privateKey);
        return { token, expiresOnTimestamp: Date.now() + HOUR_MS };
      },
    }),
    verifyToken: async (token, audience) => {
      if (!audience.startsWith(`sb://${namespace}/`)) return undefined;
      try {
        const { payload } = await jwtVerify(token, own.publicKey, {
          issuer: ISSUER,
          audience: AUDIENCE,
          algorithms: ["ES256"],
          requiredClaims: ["sub", "exp"],
        });
        return { subject: payload.sub!, expiresAt: payload.exp! * 1000 };
      } catch {
        return undefined;
      }
    },
    mayUse: (subject, _queue, right) =>
      subject === "owner" || subject === (right === "send" ? "sender" : "listener"),
  };
}

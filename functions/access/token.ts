import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import { ApiError } from "../http/apiError.ts";
import type { Caller } from "./caller.ts";

/** Characters of an Authorization header; Entra's longest tokens stay below. */
const MAX_HEADER_CHARACTERS = 16_384;
const JWKS_COOLDOWN_MS = 30_000;

const text = z.string().min(1).max(256);
const claims = z.object({
  tid: text,
  oid: text,
  ver: z.literal("2.0"),
  azp: text,
  azpacr: z.enum(["0", "1", "2"]).optional(),
  idtyp: z.enum(["user", "app"]).optional(),
  scp: z.string().max(4_096).optional(),
  roles: z.array(text).max(100).optional(),
});

export interface TokenSettings {
  readonly tenantId: string;
  readonly audience: string;
  readonly authority: string;
}

/** Verifies a caller's access token. */
export type VerifyToken = (header: string | null) => Promise<Caller>;

/** The tenant's signing keys, kept for a day and refetched when a token names an unknown one. */
export const tenantKeys = ({ authority, tenantId }: TokenSettings): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(`${authority}/${tenantId}/discovery/v2.0/keys`), {
    cacheMaxAge: 86_400_000,
    cooldownDuration: JWKS_COOLDOWN_MS,
    timeoutDuration: 5_000,
  });

/** Keys that cannot be fetched are our trouble and not the caller's: no reason to sign in again. */
const reachable =
  (keys: JWTVerifyGetKey): JWTVerifyGetKey =>
  async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      const isTokens =
        cause instanceof errors.JWKSNoMatchingKey ||
        cause instanceof errors.JWKSMultipleMatchingKeys ||
        cause instanceof errors.JOSENotSupported;
      throw isTokens ? cause : new ApiError("signInKeysUnavailable", { cause });
    }
  };

/**
 * A verifier of Entra v2 access tokens for this API (Microsoft's access token reference;
 * RFC 8725). Whatever is wrong with the token, the caller learns the same.
 * @param now milliseconds
 */
export function tokenVerifier(
  settings: TokenSettings,
  keys: JWTVerifyGetKey,
  now: () => number,
): VerifyToken {
  const challenge =
    `Bearer realm="${settings.tenantId}", ` +
    `authorization_uri="${settings.authority}/${settings.tenantId}/oauth2/v2.0/authorize"`;
  const refuse = (cause?: unknown): ApiError =>
    new ApiError("unauthenticated", {
      cause,
      headers: { "WWW-Authenticate": `${challenge}, error="invalid_token"` },
    });
  const findKey = reachable(keys);
  return async (header) => {
    const token = /^Bearer ([\w.~+/=-]+)$/.exec(header ?? "")?.[1];
    if (token === undefined || token.length > MAX_HEADER_CHARACTERS) throw refuse();
    try {
      const { payload } = await jwtVerify(token, findKey, {
        issuer: `${settings.authority}/${settings.tenantId}/v2.0`,
        audience: settings.audience,
        algorithms: ["RS256"],
        typ: "JWT",
        clockTolerance: 30,
        requiredClaims: ["exp", "iat", "tid", "oid", "ver", "azp"],
        currentDate: new Date(now()),
      });
      return callerOf(claims.parse(payload), settings.tenantId);
    } catch (error) {
      throw error instanceof ApiError ? error : refuse(error);
    }
  };
}

function callerOf(verified: z.infer<typeof claims>, tenantId: string): Caller {
  if (verified.tid !== tenantId) throw new Error("another tenant");
  const kind = verified.idtyp === "app" || verified.scp === undefined ? "application" : "user";
  if (kind === "application" && (verified.idtyp !== "app" || verified.scp !== undefined))
    throw new Error("neither a user's token nor an application's");
  return {
    kind,
    id: verified.oid,
    application: verified.azp,
    scopes: verified.scp?.split(" ") ?? [],
    roles: verified.roles ?? [],
    ...(verified.azpacr && { clientProof: verified.azpacr }),
  };
}

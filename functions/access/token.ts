import { type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import { ApiError } from "../http/apiError.ts";
import { AccessFault } from "./accessFault.ts";
import { challengeOf, issuerOf } from "./authority.ts";
import type { Caller } from "./caller.ts";
import { tokenFault } from "./tokenFault.ts";

/** Characters of an Authorization header; Entra's longest tokens stay below. */
const MAX_HEADER_CHARACTERS = 16_384;

const text = z.string().min(1).max(256);
/** Entra writes lists; some libraries' tokens have a single value bare. */
const list = z.union([text.transform((one) => [one]), z.array(text).max(100)]);
const claims = z.object({
  aud: text,
  tid: text,
  oid: text,
  ver: z.literal("2.0"),
  azp: text,
  azpacr: z.enum(["0", "1", "2"]).optional(),
  idtyp: z.enum(["user", "app"]).optional(),
  scp: z.string().min(1).max(4_096).optional(),
  roles: z.array(text).max(100).optional(),
  acrs: list.optional(),
  xms_cc: list.optional(),
  uti: text.optional(),
  preferred_username: text.optional().catch(undefined),
});

export interface TokenSettings {
  readonly tenantId: string;
  /** Client id of this API. */
  readonly audience: string;
  /** Address of Entra, without a trailing slash. */
  readonly authority: string;
}

/** Verifies a caller's access token. */
export type VerifyToken = (header: string | null) => Promise<Caller>;

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
  const { tenantId, authority, audience } = settings;
  const challenge = `${challengeOf(authority, tenantId)}, error="invalid_token"`;
  const issuer = issuerOf(authority, tenantId);
  const findKey: JWTVerifyGetKey = (header, token) => {
    if (typeof header.kid !== "string") throw new AccessFault("unknownKey");
    return keys(header, token);
  };
  return async (header) => {
    try {
      const { payload } = await jwtVerify(bearerToken(header), findKey, {
        issuer,
        audience,
        algorithms: ["RS256"],
        typ: "JWT",
        clockTolerance: 30,
        requiredClaims: ["exp", "nbf", "iat", "tid", "oid", "ver", "azp"],
        currentDate: new Date(now()),
      });
      return callerOf(claims.parse(payload), tenantId);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError("unauthenticated", {
        cause: tokenFault(error),
        headers: { "WWW-Authenticate": challenge },
      });
    }
  };
}

/**
 * The one token of the one header. Two headers reach us joined by a comma, which no token has.
 * @throws AccessFault
 */
function bearerToken(header: string | null): string {
  if (!header) throw new AccessFault("noToken");
  if (header.length > MAX_HEADER_CHARACTERS) throw new AccessFault("tooLong");
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1];
  if (token === undefined) throw new AccessFault("malformed");
  // Some texts differ and still decode to the same bytes: one token has one text.
  const isCanonical = token
    .split(".")
    .every((part) => Buffer.from(part, "base64url").toString("base64url") === part);
  if (!isCanonical) throw new AccessFault("malformed");
  return token;
}

/** @throws AccessFault where it is neither quite a user's token nor quite an application's */
function callerOf(verified: z.infer<typeof claims>, tenantId: string): Caller {
  if (verified.tid !== tenantId) throw new AccessFault("claim:tid");
  const isUser = verified.scp !== undefined && verified.idtyp !== "app";
  const isApplication = verified.scp === undefined && verified.idtyp === "app";
  if (!isUser && !isApplication) throw new AccessFault("kind");
  return {
    kind: isUser ? "user" : "application",
    id: verified.oid,
    application: verified.azp,
    scopes: verified.scp?.split(" ") ?? [],
    roles: verified.roles ?? [],
    clientProof: verified.azpacr,
    contexts: verified.acrs,
    capabilities: verified.xms_cc,
    tokenId: verified.uti,
    name: verified.preferred_username,
  };
}

import { errors } from "jose";
import { z } from "zod";
import { AccessFault } from "./accessFault.ts";

/** Claims that may be named in a log. */
const CLAIMS: ReadonlySet<string> = new Set(
  "exp nbf iat iss aud tid oid ver azp azpacr idtyp scp roles acrs xms_cc uti typ".split(" "),
);

const claimOf = (name: unknown): string =>
  typeof name === "string" && CLAIMS.has(name) ? `claim:${name}` : "claim";

/** What is wrong with a token, in a word for the log. */
export function tokenFault(error: unknown): AccessFault {
  if (error instanceof AccessFault) return error;
  if (error instanceof errors.JWTExpired) return new AccessFault("expired");
  if (error instanceof errors.JWTClaimValidationFailed)
    return new AccessFault(claimOf(error.claim));
  if (error instanceof z.ZodError) return new AccessFault(claimOf(error.issues[0]?.path[0]));
  if (error instanceof errors.JWSSignatureVerificationFailed) return new AccessFault("signature");
  if (error instanceof errors.JOSEAlgNotAllowed) return new AccessFault("algorithm");
  if (error instanceof errors.JWKSNoMatchingKey) return new AccessFault("unknownKey");
  return new AccessFault("malformed");
}

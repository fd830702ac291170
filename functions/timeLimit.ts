import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { within } from "@password-writeback/protocol/within.ts";

/** Milliseconds that a token may take. */
const TOKEN_MS = 5_000;

/**
 * Client options that bound each try of a call. The SDK's own limit is none: a peer that accepts
 * and never answers would hold the caller for good.
 * @param milliseconds for one try
 */
export function timeLimit(milliseconds: number) {
  const policy: PipelinePolicy = {
    name: "timeLimit",
    sendRequest: (request, next) => {
      request.timeout = milliseconds;
      return next(request);
    },
  };
  return { additionalPolicies: [{ position: "perRetry" as const, policy }] };
}

/** A credential whose tokens come in time or not at all. */
export const timeLimited = (credential: TokenCredential): TokenCredential => ({
  getToken: (scopes, options) => within(TOKEN_MS, credential.getToken(scopes, options)),
});

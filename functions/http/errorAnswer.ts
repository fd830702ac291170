import type { HttpResponseInit } from "@azure/functions";
import { errorRow } from "@password-writeback/protocol/errors.ts";
import { TEXTS } from "@password-writeback/protocol/texts.ts";
import type { ApiError } from "./apiError.ts";
import type { CallIds } from "./callIds.ts";
import { violationDetails } from "./violationDetails.ts";

/** Graph's basic code for a status: what a client without our codes can branch on. */
const BASIC_CODES: Readonly<Record<number, string>> = {
  400: "invalidRequest",
  401: "unauthenticated",
  403: "accessDenied",
  404: "itemNotFound",
  409: "conflict",
  412: "preconditionFailed",
  413: "invalidRequest",
  422: "invalidRequest",
  423: "notAllowed",
  429: "activityLimitReached",
  500: "generalException",
  502: "generalException",
  503: "serviceNotAvailable",
};

/** Seconds after which a refused caller may try again, where nothing was sent. */
const RETRY_AFTER_SECONDS = 30;

/**
 * The answer for an error in Microsoft Graph's envelope.
 * @param helpContact where people find help, for who is told to look for it
 */
export function errorAnswer(
  error: ApiError,
  ids: CallIds,
  date: Date,
  helpContact: string | null,
): HttpResponseInit {
  const row = errorRow(error.code);
  return {
    status: row.status,
    headers: {
      ...(row.status === 503 ? { "Retry-After": String(RETRY_AFTER_SECONDS) } : {}),
      ...error.headers,
    },
    jsonBody: {
      error: {
        code: BASIC_CODES[row.status] ?? "generalException",
        message: TEXTS[row.text],
        ...(error.target === undefined ? {} : { target: error.target }),
        ...(error.violations && { details: violationDetails(error.violations) }),
        innerError: {
          code: error.code,
          ...(helpContact === null ? {} : { helpContact }),
          date: date.toISOString(),
          "request-id": ids.requestId,
          "client-request-id": ids.clientRequestId,
        },
      },
    },
  };
}

import type { HttpResponseInit } from "@azure/functions";
import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Operation } from "../records/operation.ts";
import { locationHeader } from "./location.ts";
import type { Result } from "./writeBack.ts";

const replayHeader = (replayed: boolean): Record<string, string> =>
  replayed ? { "Idempotency-Replayed": "true" } : {};

/** @throws ApiError with the operation's own code, if it has failed */
function throwIfFailed({ operation, replayed }: Result): void {
  if (operation.status !== "failed") return;
  throw new ApiError(operation.code ?? "directoryRefused", {
    headers: replayHeader(replayed),
    violations: operation.detail?.violations,
  });
}

/**
 * Success as 200 with the outcome; a definite refusal as its error; unknown as 500 with a place
 * to look. Never 503 or 504 there: Microsoft's own client would send the request again.
 */
export function outcomeAnswer(result: Result, call: ApiCall): HttpResponseInit {
  throwIfFailed(result);
  const { operation, replayed } = result;
  const headers = replayHeader(replayed);
  if (operation.status === "succeeded")
    return { status: 200, headers, jsonBody: outcomeBody(operation) };
  throw new ApiError("outcomeUnknown", {
    headers: { ...headers, ...locationHeader(operation, call) },
  });
}

/** As `outcomeAnswer`, with Graph's 204 for success. */
export function noContentAnswer(result: Result, call: ApiCall): HttpResponseInit {
  const { status: _, jsonBody: __, ...answer } = outcomeAnswer(result, call);
  return { ...answer, status: 204 };
}

/** Graph's long-running shape: 202 with `Location`, unless it was refused. */
export function acceptedAnswer(result: Result, call: ApiCall): HttpResponseInit {
  throwIfFailed(result);
  return {
    status: 202,
    headers: { ...replayHeader(result.replayed), ...locationHeader(result.operation, call) },
    jsonBody: {},
  };
}

const outcomeBody = ({ id, status, detail }: Operation) => ({ id, status, ...detail });

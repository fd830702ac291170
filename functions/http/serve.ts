import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { errorRow } from "@password-writeback/protocol/errors.ts";
import type { Caller } from "../access/caller.ts";
import { checkGuard } from "../access/guard.ts";
import { checkStepUp } from "../access/stepUp.ts";
import { askedFor } from "../audit/askedFor.ts";
import { CallAudit } from "../audit/callAudit.ts";
import type { Log } from "../log.ts";
import type { Parts } from "../parts.ts";
import type { Route } from "./apiCall.ts";
import { ApiError } from "./apiError.ts";
import { type CallIds, callIds } from "./callIds.ts";
import { clientAddress } from "./clientAddress.ts";
import { errorAnswer } from "./errorAnswer.ts";
import { helpContactFor } from "./helpContact.ts";

const NOBODY: Caller = { kind: "user", id: "", application: "", scopes: [], roles: [] };

/**
 * Serves one call of a route: ids, guard, handler, audit record, error envelope. Both hosts call
 * this and nothing else, so no handler runs without its guard.
 */
export async function serve(
  route: Route,
  request: HttpRequest,
  parts: Parts,
  log: Log,
): Promise<HttpResponseInit> {
  const ids = callIds(request.headers);
  const arrivedAt = parts.now();
  const address = clientAddress(request.headers);
  const audited = new CallAudit({
    activity: route.activity,
    ...{ ids, arrivedAt, address, log },
    audit: () => parts.audit,
  });
  const { trail } = audited;
  if (route.activity) trail.note(askedFor(request.params.id ?? ""));
  let refused: string | undefined;
  const answer = await callerOf(route, request, parts, audited)
    .then((caller) =>
      route.handler(
        {
          request,
          caller,
          ids,
          log,
          route: route.name,
          guard: route.guard,
          arrivedAt,
          address,
          trail,
        },
        parts,
      ),
    )
    .catch((error: unknown) => {
      const known = asApiError(error);
      refused = known.code;
      report(log, route, ids, known);
      return errorAnswer(known, ids, new Date(arrivedAt), helpContactFor(known.code, parts));
    });
  await audited.end(refused);
  return {
    ...answer,
    headers: {
      ...answer.headers,
      "request-id": ids.requestId,
      "client-request-id": ids.clientRequestId,
    },
  };
}

async function callerOf(
  route: Route,
  request: HttpRequest,
  parts: Parts,
  audited: CallAudit,
): Promise<Caller> {
  if (route.guard.callers === "anyone") return NOBODY;
  const caller = await parts.verifyToken(request.headers.get("authorization"));
  audited.identified(caller);
  checkGuard(route.guard, caller, parts.access);
  checkStepUp(route, caller, parts.access.stepUp);
  return caller;
}

const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError("internalError", { cause: error });

/** The cause's kind and place only: a message could quote what it was about. */
function report(log: Log, route: Route, ids: CallIds, error: ApiError): void {
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const row = errorRow(error.code);
  const unexpected = error.code === "internalError";
  log[row.audience === "user" || row.status < 500 ? "info" : "error"]("callRefused", {
    route: route.name,
    code: error.code,
    target: error.target,
    eventId: row.event,
    requestId: ids.requestId,
    clientRequestId: ids.clientRequestId,
    cause: cause?.name,
    causeCode: (cause as { code?: string } | undefined)?.code,
    place: unexpected ? placeOf(cause) : undefined,
  });
}

const placeOf = (error: Error | undefined): string | undefined =>
  error?.stack
    ?.split("\n")
    .find((line) => line.startsWith("    at "))
    ?.trim();

import type { HttpResponseInit } from "@azure/functions";
import { errorRow } from "@password-writeback/protocol/errors.ts";
import { TEXTS } from "@password-writeback/protocol/texts.ts";
import { z } from "zod";
import type { Caller } from "../access/caller.ts";
import { helperOrigin } from "../access/helperOrigin.ts";
import type { ApiCall, Handler } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import { helpContactFor } from "../http/helpContact.ts";
import { violationDetails } from "../http/violationDetails.ts";
import type { Parts } from "../parts.ts";
import { type Operation, reportedStatus } from "../records/operation.ts";

/** `GET /v1.0/me/operations/{operationId}`: what the caller did to their own account. */
export const ownOperation: Handler = (call, parts) =>
  answer(call, parts, ({ origin, callerId }) => origin === "self" && callerId === call.caller.id);

/** `GET /v1.0/selfService/operations/{operationId}`: what this portal started. */
export const selfServiceOperation: Handler = (call, parts) =>
  answer(call, parts, ({ origin, callerId }) => origin === "portal" && callerId === call.caller.id);

/**
 * `GET /v1.0/users/{id}/authentication/operations/{operationId}`: what administrators or automation
 * began.
 */
export const userOperation: Handler = async (call, parts) => {
  const user = call.request.params.id ?? "";
  const id = z.guid().safeParse(user).success ? user : (await parts.findUser(user)).id;
  return answer(
    call,
    parts,
    ({ origin, targetId, callerId }) =>
      targetId === id.toLowerCase() && isShownTo(call.caller, origin, callerId),
  );
};

/** Administrators see what any of them and automation began; automation its own. */
function isShownTo(caller: Caller, origin: Operation["origin"], callerId: string): boolean {
  if (helperOrigin(caller) === "automation")
    return origin === "automation" && callerId === caller.id;
  return origin === "admin" || origin === "automation";
}

/** Somebody else's operation reads as none. */
async function answer(
  call: ApiCall,
  parts: Parts,
  isVisible: (operation: Operation) => boolean,
): Promise<HttpResponseInit> {
  const id = z.uuid().safeParse(call.request.params.operationId);
  const operation = id.success ? await parts.operations.find(id.data) : undefined;
  if (!operation || !isVisible(operation)) throw new ApiError("operationNotFound");
  return { status: 200, jsonBody: longRunningOperation(operation, parts) };
}

/** Microsoft Graph's `longRunningOperation`; `unknown` is ours, and documented. */
function longRunningOperation(operation: Operation, parts: Parts) {
  const { violations, ...detail } = operation.detail ?? {};
  const helpContact = operation.code ? helpContactFor(operation.code, parts) : null;
  const help = helpContact === null ? {} : { helpContact };
  const details = violations && { details: violationDetails(violations) };
  return {
    id: operation.id,
    createdDateTime: new Date(operation.createdAt).toISOString(),
    lastActionDateTime: new Date(operation.lastActionAt).toISOString(),
    resourceLocation: null,
    status: reportedStatus(operation, parts.now()),
    statusDetail: operation.code ? TEXTS[errorRow(operation.code).text] : null,
    ...(operation.code ? { error: { code: operation.code, ...help, ...details } } : {}),
    ...detail,
  };
}

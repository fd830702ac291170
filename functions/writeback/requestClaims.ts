import { randomBytes } from "node:crypto";
import { REQUEST_VERSION, type Request, request } from "@password-writeback/protocol/request.ts";
import { base64url } from "jose";
import type { ApiCall } from "../http/apiCall.ts";
import type { Operation } from "../records/operation.ts";
import type { Intent } from "./intent.ts";

/** What a request message takes from its record; a question has no other record. */
type Heading = Pick<Operation, "id" | "connector" | "trackingId" | "createdAt" | "deadline">;
type Wish = Omit<Intent, "operation" | "connector"> & Pick<Request, "operation">;

/** The claims of the request message, with a fresh reply key. */
export function requestClaims(
  record: Heading,
  intent: Wish,
  call: ApiCall,
  tenantId: string,
): Request {
  const { operation, origin, target, currentPassword, newPassword, mustChange } = intent;
  const traceparent = call.request.headers.get("traceparent") ?? undefined;
  return request.parse({
    version: REQUEST_VERSION,
    iss: tenantId,
    aud: record.connector,
    jti: record.id,
    iat: record.createdAt / 1_000,
    exp: record.deadline / 1_000,
    origin,
    requester: { id: call.caller.id, application: call.caller.application },
    replyKey: base64url.encode(randomBytes(32)),
    trackingId: record.trackingId,
    ...(traceparent && /^[0-9a-f-]{55}$/.test(traceparent) ? { traceparent } : {}),
    operation,
    ...(target && { target }),
    ...(currentPassword !== undefined && { currentPassword }),
    ...(newPassword !== undefined && { newPassword }),
    ...(mustChange !== undefined && { mustChange }),
  });
}

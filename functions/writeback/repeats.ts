import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import { type Reservation, reservationName } from "../records/reservations.ts";
import { type Intent, subjectOf } from "./intent.ts";

/** Milliseconds that an `Idempotency-Key` is remembered. */
export const KEY_MS = 24 * 3_600_000;
/** Milliseconds within which a marked retry joins its first attempt. */
export const RETRY_MS = 5 * 60_000;

const KEY = /^[\x21-\x7e]{1,255}$/;

/** Names under which a repeat of this call would be found. */
export interface RepeatNames {
  /** Reservation of the caller's `Idempotency-Key`, if it sent one. */
  readonly key: string | undefined;
  /** Reservation of the caller's `client-request-id`, if it chose one. */
  readonly retry: string | undefined;
}

/**
 * @param asked the operation, and the person or connector as the caller named it
 * @throws ApiError `invalidRequest`: the key is empty, too long or not plain text
 */
export function repeatNames(call: ApiCall, asked: string, tenantId: string): RepeatNames {
  const key = call.request.headers.get("idempotency-key");
  if (key !== null && !KEY.test(key))
    throw new ApiError("invalidRequest", { target: "Idempotency-Key" });
  const { caller, ids, route } = call;
  return {
    key: key === null ? undefined : reservationName("key", tenantId, caller.id, route, key),
    retry: ids.chosenByClient
      ? reservationName("retry", tenantId, caller.id, asked.toLowerCase(), ids.clientRequestId)
      : undefined,
  };
}

/**
 * A call that is not marked as a retry begins anew: what its `client-request-id` stood for before
 * is forgotten before anything can refuse the call, or the retry of a refused call would be told
 * the outcome of an earlier one.
 */
export async function forgetEarlier(
  call: ApiCall,
  names: RepeatNames,
  parts: Parts,
): Promise<void> {
  if (names.retry !== undefined && !isMarkedRetry(call)) await parts.reservations.drop(names.retry);
}

/**
 * The operation that this call repeats: same `Idempotency-Key`, or marked as a retry of the same
 * caller, target, operation and `client-request-id`. A repeat never executes.
 * @throws ApiError `idempotencyKeyReused`: the key belongs to another operation or person
 */
export async function findRepeated(
  call: ApiCall,
  intent: Intent,
  names: RepeatNames,
  parts: Parts,
): Promise<string | undefined> {
  const byKey = names.key === undefined ? undefined : await parts.reservations.holder(names.key);
  if (byKey) return sameSubject(byKey, intent).operationId;
  if (names.retry === undefined || !isMarkedRetry(call)) return undefined;
  return (await parts.reservations.holder(names.retry))?.operationId;
}

/** @throws ApiError `idempotencyKeyReused` */
export function sameSubject(holder: Reservation, intent: Intent): Reservation {
  if (holder.subject !== subjectOf(intent)) throw new ApiError("idempotencyKeyReused");
  return holder;
}

const isMarkedRetry = ({ request }: ApiCall): boolean =>
  Number(request.headers.get("retry-attempt") ?? 0) > 0;

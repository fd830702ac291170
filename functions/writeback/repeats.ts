import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import { type Reservation, reservationName } from "../records/reservations.ts";
import { type Subject, subjectOf } from "./intent.ts";

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

/** What an earlier call with the same names began. */
export interface Earlier {
  readonly names: RepeatNames;
  readonly byKey: Reservation | undefined;
  readonly byRetry: Reservation | undefined;
}

/**
 * Looks an earlier call up that this one may repeat. A call that is not marked as a retry begins
 * anew: what its `client-request-id` stood for before is forgotten before anything can refuse the
 * call, or the retry of a refused call would be told the outcome of an earlier one.
 * @throws ApiError `recordsUnavailable`
 */
export async function findEarlier(
  call: ApiCall,
  names: RepeatNames,
  { reservations }: Parts,
): Promise<Earlier> {
  const { key, retry } = names;
  const [byKey, byRetry] = await Promise.all([
    key === undefined ? undefined : reservations.holder(key),
    retry === undefined || !isMarkedRetry(call) ? undefined : reservations.holder(retry),
    retry !== undefined && !isMarkedRetry(call) && reservations.drop(retry),
  ]);
  return { names, byKey, byRetry };
}

/**
 * The operation that this call repeats: same `Idempotency-Key`, or marked as a retry of the same
 * caller, target, operation and `client-request-id`. A repeat never executes. A user principal name
 * that has changed hands since makes a retry a call of its own.
 * @throws ApiError `idempotencyKeyReused`: the key belongs to another operation or person
 */
export function repeatedBy({ byKey, byRetry }: Earlier, asked: Subject): string | undefined {
  if (byKey) return sameSubject(byKey, asked).operationId;
  return byRetry?.subject === subjectOf(asked) ? byRetry.operationId : undefined;
}

/** @throws ApiError `idempotencyKeyReused` */
export function sameSubject(holder: Reservation, asked: Subject): Reservation {
  if (holder.subject !== subjectOf(asked)) throw new ApiError("idempotencyKeyReused");
  return holder;
}

const isMarkedRetry = ({ request }: ApiCall): boolean =>
  Number(request.headers.get("retry-attempt") ?? 0) > 0;

import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import { type Claim, claimName } from "../records/claims.ts";
import type { Operation } from "../records/operation.ts";
import { type Intent, isOwnAccount, subjectOf } from "./intent.ts";
import { locationOf } from "./location.ts";
import { KEY_MS, RETRY_MS, type RepeatNames, sameSubject } from "./repeat.ts";

/** Milliseconds after its deadline in which an unresolved operation still bars another one. */
const GRACE_MS = 60_000;

/** An operation that holds its claims and is about to be sent. */
export interface Registered {
  /** Another operation that had the same key first: join that one. */
  readonly repeats: string | undefined;
  /** Gives everything back: nothing was sent. */
  release(): Promise<void>;
}

/**
 * Writes an operation down and takes its claims, all at once: own account, key, retry.
 * @throws ApiError `operationInProgress`, `idempotencyKeyReused`, `recordsUnavailable`
 */
export async function register(
  record: Operation,
  call: ApiCall,
  intent: Intent,
  names: RepeatNames,
  parts: Parts,
): Promise<Registered> {
  const { claims, operations } = parts;
  const taken: string[] = [];
  const claim = (until: number): Claim => ({
    operationId: record.id,
    callerId: record.callerId,
    subject: subjectOf(intent),
    until,
  });
  const take = async (name: string | undefined, until: number, isFree?: IsFree) => {
    if (name === undefined) return undefined;
    const holder = await claims.take(name, claim(until), isFree);
    if (!holder) taken.push(name);
    return holder;
  };
  const isResolved: IsFree = async (holder) =>
    ((await operations.find(holder.operationId))?.status ?? "running") !== "running";
  const own = isOwnAccount(intent) ? claimName("own", record.targetId) : undefined;

  const release = async () => {
    await Promise.all([operations.remove(record.id), ...taken.map((name) => claims.release(name))]);
  };
  const [byKey, byOwner, added] = await Promise.allSettled([
    take(names.key, record.createdAt + KEY_MS),
    take(own, record.deadline + GRACE_MS, isResolved),
    operations.add(record),
  ]);
  try {
    const keyHolder = settled(byKey);
    const ownHolder = settled(byOwner);
    settled(added);
    if (keyHolder) {
      await release();
      return { repeats: sameSubject(keyHolder, intent).operationId, release };
    }
    if (ownHolder) throw inProgress(ownHolder, record, call);
    if (names.retry !== undefined)
      await claims.put(names.retry, claim(record.createdAt + RETRY_MS));
    return { repeats: undefined, release };
  } catch (error) {
    await release().catch(() => {});
    throw error;
  }
}

type IsFree = (holder: Claim) => Promise<boolean>;

function settled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

/** Where the other operation can be followed is told only to whoever started it. */
function inProgress(holder: Claim, record: Operation, call: ApiCall): ApiError {
  const other: Operation = { ...record, id: holder.operationId };
  return new ApiError("operationInProgress", {
    headers: holder.callerId === record.callerId ? { Location: locationOf(other, call) } : {},
  });
}

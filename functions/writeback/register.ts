import type { Outcome } from "@password-writeback/protocol/outcome.ts";
import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import type { Versioned } from "../records/counterRows.ts";
import type { Operation } from "../records/operation.ts";
import type { Reservation } from "../records/reservations.ts";
import { type Intent, subjectOf } from "./intent.ts";
import { locationHeader } from "./location.ts";
import { KEY_MS, RETRY_MS, type RepeatNames, sameSubject } from "./repeats.ts";

/** Milliseconds after its deadline in which an unresolved operation still bars another one. */
const GRACE_MS = 60_000;
/** Milliseconds after a caller's wait from which agents are asked for the outcome. */
const LATE_MS = 2_000;

/** An operation that holds its reservations and is about to be sent. */
export interface Registered {
  /** Another operation that had the same key first: join that one. */
  readonly repeats: string | undefined;
  /** The operation has ended, and the next one on the same account may begin. */
  end(): Promise<void>;
  /** Draws the consequence for the throttle. */
  settle(outcome: Outcome): Promise<void>;
  /** Gives everything back: nothing was sent. */
  release(): Promise<void>;
}

/**
 * Takes an operation's reservations (key, own account, retry), counts it, and writes it down.
 * @throws ApiError `operationInProgress`, `idempotencyKeyReused`, `resetLimitReached`,
 * `changeLimitReached`, `recordsUnavailable`
 */
export async function register(
  record: Operation,
  call: ApiCall,
  intent: Intent,
  names: RepeatNames,
  parts: Parts,
): Promise<Registered> {
  const { reservations, operations, unresolved, throttle } = parts;
  const reservation = (until: number): Reservation => ({
    operationId: record.id,
    callerId: record.callerId,
    subject: subjectOf(intent),
    until,
  });
  const hasEnded = async (id: string): Promise<boolean> =>
    ((await operations.find(id))?.status ?? "running") !== "running";

  let counted: Versioned | undefined;
  const release = async () => {
    const held = [names.key, names.retry].filter((name) => name !== undefined);
    // The row last: a reservation that stays behind must not point to nothing.
    await Promise.all([
      ...held.map((name) => reservations.release(name, record.id)),
      throttle.takeBack(record, counted),
      unresolved.remove(record),
    ]);
    await operations.remove(record.id);
  };
  try {
    // First and alone: of two that have the same key and the same account at once, one must get
    // both, not each the half that makes the other one give way.
    const { key, retry } = names;
    if (key !== undefined) {
      const { holder } = await reservations.take(key, reservation(record.createdAt + KEY_MS));
      if (holder) {
        const repeats = sameSubject(holder, intent).operationId;
        return { repeats, release, end: async () => {}, settle: async () => {} };
      }
    }
    const addUnresolved = async () => {
      const taken = await unresolved.add(
        record,
        {
          ...reservation(record.deadline + GRACE_MS),
          createdAt: record.createdAt,
          dueAt: call.arrivedAt + parts.totalWait + LATE_MS,
        },
        hasEnded,
      );
      if (taken.holder) return taken;
      // Counted by who holds the account only: who is refused for it has attempted nothing.
      const [counting, keeping] = await Promise.allSettled([
        throttle.count(record),
        retry !== undefined && reservations.put(retry, reservation(record.createdAt + RETRY_MS)),
      ]);
      counted = settled(counting);
      settled(keeping);
      return taken;
    };
    const [byOwner, added] = await Promise.allSettled([addUnresolved(), operations.add(record)]);
    const { holder, etag } = settled(byOwner);
    settled(added);
    if (holder) throw inProgress(holder, record, call);
    return {
      repeats: undefined,
      release,
      end: () => unresolved.remove(record, etag),
      settle: (outcome) => throttle.settle(record, outcome, counted),
    };
  } catch (error) {
    await release().catch(() => {});
    throw error;
  }
}

function settled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

/** Where the other operation can be followed is told only to whoever started it. */
function inProgress(holder: Reservation, record: Operation, call: ApiCall): ApiError {
  const other: Operation = { ...record, id: holder.operationId };
  return new ApiError("operationInProgress", {
    headers: holder.callerId === record.callerId ? locationHeader(other, call) : {},
  });
}

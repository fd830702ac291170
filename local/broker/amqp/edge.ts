import type { MayUse, VerifyToken } from "../authorisation.ts";
import type { Clock } from "../clock.ts";
import type { FaultHooks } from "../faults.ts";
import type { Queues } from "../queues.ts";

/** What every connection of the broker works with. */
export interface Edge {
  readonly queues: Queues;
  readonly clock: Clock;
  readonly verifyToken: VerifyToken;
  readonly mayUse: MayUse;
  readonly faults: FaultHooks;
  /** A mistake of the broker itself; the connection is lost with it. */
  readonly onInternalError: (error: unknown) => void;
}

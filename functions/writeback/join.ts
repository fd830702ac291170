import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import type { Operation } from "../records/operation.ts";

/** Milliseconds between two looks at an operation that another instance carries out. */
const POLL_MS = 250;

/**
 * Waits for the operation of an earlier call, as long as that call would have waited.
 * @throws ApiError `recordsUnavailable`
 */
export async function join(id: string, call: ApiCall, parts: Parts): Promise<Operation> {
  const here = parts.running.find(id);
  if (here) return here;
  const until = call.arrivedAt + parts.totalWait;
  for (;;) {
    const operation = await parts.operations.find(id);
    const over = parts.now() + POLL_MS >= until;
    if (operation && (operation.status !== "running" || over)) return operation;
    if (over) throw new ApiError("outcomeUnknown");
    await parts.sleep(POLL_MS);
  }
}

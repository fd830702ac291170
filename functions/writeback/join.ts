import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import type { Operation } from "../records/operation.ts";

/** Milliseconds between two looks at an operation that another instance carries out. */
const POLL_MS = 250;

/**
 * Waits for the operation of an earlier call, as long as either call waits: nobody would conclude
 * it later.
 * @throws ApiError `recordsUnavailable`, `relayUnavailable`: the earlier call was taken back, so
 * nothing was sent
 */
export async function join(id: string, call: ApiCall, parts: Parts): Promise<Operation> {
  const here = parts.running.find(id);
  if (here) return here;
  for (;;) {
    const operation = await parts.operations.find(id);
    if (operation && operation.status !== "running") return operation;
    const began = Math.min(call.arrivedAt, operation?.createdAt ?? call.arrivedAt);
    if (parts.now() + POLL_MS >= began + parts.totalWait) {
      if (operation) return operation;
      throw new ApiError("relayUnavailable");
    }
    await parts.sleep(POLL_MS);
  }
}

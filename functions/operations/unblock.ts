import { checkStillEnabled } from "../access/checkStillEnabled.ts";
import type { Handler } from "../http/apiCall.ts";
import { readNoBody } from "../http/body.ts";

/**
 * `POST /v1.0/users/{id}/unblock`: forgets what was counted of a person's attempts on their own
 * account, so that they may try again at once. It has no body, and may be called again.
 */
export const unblock: Handler = async (call, parts) => {
  await readNoBody(call.request);
  const [{ id, userPrincipalName }] = await Promise.all([
    parts.findUser(call.request.params.id ?? ""),
    checkStillEnabled(call, parts),
  ]);
  call.trail.note({ targetId: id, targetName: userPrincipalName });
  await parts.throttle.clear(id);
  call.log.info("unblocked", { callerId: call.caller.id, targetId: id });
  return { status: 204 };
};

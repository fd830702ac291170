import { errorRow } from "@password-writeback/protocol/errors.ts";
import type { Outcome } from "@password-writeback/protocol/outcome.ts";
import { openReply } from "@password-writeback/protocol/reply.ts";
import type { Request } from "@password-writeback/protocol/request.ts";
import type { Log } from "../log.ts";
import type { Relay } from "../relay/relay.ts";

/**
 * Milliseconds that a message outlives the last moment of its write: after a crash another agent
 * still sees it, to observe, not to execute.
 */
const AFTER_DEADLINE_MS = 120_000;

/**
 * Sends a sealed request and opens the reply. Where none comes that can be believed an alert is
 * raised: agents were live a moment ago, so somebody else may have taken the request off the bus.
 * @param claims what was sealed
 * @param wait milliseconds left for the caller
 * @returns undefined where no reply came that can be believed: the outcome is unknown
 * @throws ApiError `relayUnavailable`: nothing was sent
 */
export async function sendAndOpen(
  claims: Request,
  body: Uint8Array,
  wait: number,
  relay: Relay,
  log: Log,
): Promise<Outcome | undefined> {
  const { trackingId } = claims;
  const open = (reply: Uint8Array) =>
    openReply(reply, claims.replyKey, claims.jti).catch(() => {
      log.error("replyInvalid", { trackingId });
      return undefined;
    });
  const outcome = await relay.call(
    {
      connector: claims.aud,
      id: claims.jti,
      trackingId,
      body,
      timeToLive: wait + AFTER_DEADLINE_MS,
      wait,
    },
    open,
  );
  if (outcome === undefined)
    log.error("agentsSilent", {
      code: "agentSilent",
      eventId: errorRow("agentSilent").event,
      operationId: claims.jti,
      trackingId,
      connector: claims.aud,
    });
  return outcome;
}

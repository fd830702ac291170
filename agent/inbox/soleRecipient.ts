import { recipientsOf } from "@password-writeback/protocol/trustList.ts";
import { z } from "zod";
import type { TrustState } from "../trust/trustState.ts";

const envelope = z.object({ recipients: z.array(z.unknown()) });

/**
 * Whether nobody but this agent could open a message: by the trust list, which the bus cannot
 * change, and by the envelope, since an agent that is no longer listed may have held it before.
 * @param now seconds since 1970, cloud time
 */
export function isSoleRecipient(body: unknown, trust: TrustState, now: number): boolean {
  const { list, own } = trust;
  if (!list) return false;
  const listed = recipientsOf(list, own.connector, now);
  return listed.length === 1 && listed[0]?.id === own.agent && isForOne(body);
}

/** Whether a message was sealed for one agent; the bus may have taken others out. */
export function isForOne(body: unknown): boolean {
  if (!(body instanceof Uint8Array)) return false;
  try {
    return envelope.parse(JSON.parse(Buffer.from(body).toString("utf8"))).recipients.length === 1;
  } catch {
    return false;
  }
}

import { UnlistedSignerError } from "@password-writeback/protocol/certificate.ts";
import { type OpenedRequest, openRequest } from "@password-writeback/protocol/envelope.ts";
import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import {
  type NotUnderstood,
  NotUnderstoodError,
} from "@password-writeback/protocol/notUnderstoodError.ts";
import { ProtocolError } from "@password-writeback/protocol/protocolError.ts";
import type { Clock } from "../clock.ts";
import type { TrustState } from "../trust/trustState.ts";

export interface Opener {
  readonly trust: TrustState;
  readonly clock: Clock;
  readonly tenant: string;
  /** Asks the cloud for its trust list now; never throws. */
  readonly refresh: () => Promise<unknown>;
}

/** The request in a message, or the code that says why there is none to be believed. */
export type Opened = OpenedRequest | Refused;

export interface Refused {
  readonly refused: ErrorCode;
  /** Whether another agent, or this one later, may well believe it. */
  readonly forAnother: boolean;
  /** What an answer needs, where the request was ours and only a newer agent understands it. */
  readonly request?: NotUnderstood | undefined;
  /** What it claims to be, where the trust list does not name who signed it. */
  readonly unlisted?: { readonly claimed: NotUnderstood | undefined };
}

/**
 * Opens and verifies a message's body as the agent that the trust list names. Right after the
 * signing key was rolled the cloud's list is newer than the agent's: then asks for it first. Right
 * after the agent's own key was rolled its new one may not have been read yet.
 */
export async function openMessage(body: unknown, opener: Opener): Promise<Opened> {
  let opened = await openWithList(body, opener);
  if ("refused" in opened && opened.refused === "envelopeNotForThisAgent") {
    await opener.trust.own.keys.reload();
    opened = await openWithList(body, opener);
    // Who puts a message back is not held up; but it may be the first sign of being revoked.
    if ("refused" in opened && opened.refused === "envelopeNotForThisAgent") void opener.refresh();
  }
  if (!("refused" in opened && opened.unlisted)) return opened;
  await opener.refresh();
  const again = await openWithList(body, opener);
  const isStillUnlisted = "refused" in again && again.unlisted !== undefined;
  return isStillUnlisted ? { ...again, refused: "trustListOutdated" } : again;
}

async function openWithList(body: unknown, opener: Opener): Promise<Opened> {
  const { trust, clock, tenant } = opener;
  const { list } = trust;
  if (!list || trust.standing() !== "trusted")
    return { refused: "agentNotTrusted", forAnother: true };
  if (!(body instanceof Uint8Array)) return { refused: "envelopeMalformed", forAnother: false };
  try {
    const trusted = { list, connector: trust.own.connector, tenant };
    return await openRequest(body, trust.own.keys.all, trusted, clock.now());
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): Refused {
  if (!(error instanceof ProtocolError)) return { refused: "envelopeMalformed", forAnother: false };
  const unlisted = error instanceof UnlistedSignerError ? { claimed: error.claimed } : undefined;
  const forAnother = unlisted !== undefined || error.code === "envelopeNotForThisAgent";
  const request = error instanceof NotUnderstoodError ? error.request : undefined;
  return { refused: error.code, forAnother, request, ...(unlisted && { unlisted }) };
}

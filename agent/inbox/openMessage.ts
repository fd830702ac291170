import { openRequest as open, type RecipientKey } from "@password-writeback/protocol/envelope.ts";
import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import { ProtocolError } from "@password-writeback/protocol/protocolError.ts";
import type { Request } from "@password-writeback/protocol/request.ts";
import type { Clock } from "../clock.ts";
import type { TrustState } from "../trust/trustState.ts";

export interface Opener {
  readonly key: RecipientKey;
  readonly trust: TrustState;
  readonly clock: Clock;
  readonly tenant: string;
}

/** The request in a message, or the code that says why there is none to be believed. */
export type Opened = { readonly request: Request } | { readonly refused: ErrorCode };

/** Opens and verifies a message's body as the agent that the trust list names. */
export async function openMessage(body: unknown, opener: Opener): Promise<Opened> {
  const { key, trust, clock, tenant } = opener;
  const { list } = trust;
  if (!list || trust.standing() !== "trusted") return { refused: "agentNotTrusted" };
  if (!(body instanceof Uint8Array)) return { refused: "envelopeMalformed" };
  try {
    const trusted = { list, connector: trust.own.connector, tenant };
    return { request: await open(body, key, trusted, clock.now()) };
  } catch (error) {
    if (error instanceof ProtocolError) return { refused: error.code };
    return { refused: "envelopeMalformed" };
  }
}

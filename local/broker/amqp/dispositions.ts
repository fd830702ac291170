import { amqpError, BrokerError } from "../brokerError.ts";
import type { Queue } from "../engine/queue.ts";
import type { Settlement } from "../engine/settlement.ts";
import type { Fault } from "../faults.ts";
import { codec, type Delivery, type Outcome, type Sender, type Typed } from "./rhea.ts";

const optionalText = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const settlements: Readonly<Record<string, (outcome: Outcome) => Settlement>> = {
  accepted: () => ({ kind: "complete" }),
  released: () => ({ kind: "abandon" }),
  modified: ({ undeliverable_here: defer, message_annotations: properties = {} }) => ({
    kind: defer ? "defer" : "abandon",
    properties,
  }),
  rejected: ({ error }) => {
    const { DeadLetterReason, DeadLetterErrorDescription, ...properties } = error?.info ?? {};
    const reason = optionalText(DeadLetterReason);
    const description = optionalText(DeadLetterErrorDescription);
    return {
      kind: "deadLetter",
      ...(reason === undefined ? {} : { reason }),
      ...(description === undefined ? {} : { description }),
      properties,
    };
  },
};

/** Carries out what the client says about the deliveries of a link, and confirms it. */
export function watchDispositions(link: Sender, queue: Queue, fault: () => Fault): void {
  for (const [outcome, settlementOf] of Object.entries(settlements)) {
    link.on(outcome, ({ delivery }) => {
      if (!delivery || delivery.answered) return;
      delivery.answered = true;
      settle(delivery, queue, settlementOf(delivery.remote_state ?? {}), fault());
    });
  }
}

function settle(delivery: Delivery, queue: Queue, settlement: Settlement, fault: Fault): void {
  if (fault === "ignore") return;
  try {
    if (fault) throw new BrokerError(fault.condition, fault.description);
    if (delivery.lockToken) queue.settle(delivery.lockToken, settlement);
    confirm(delivery, codec.accepted().described());
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    confirm(delivery, codec.rejected({ error: amqpError(error) }).described());
  }
}

/**
 * The client settles "second": it never says `settled` itself, and rhea keeps a delivery until
 * both sides have, so the link would stop at the 2048th.
 */
function confirm(delivery: Delivery, state: Typed): void {
  delivery.update(true, state);
  delivery.remote_settled = true;
}

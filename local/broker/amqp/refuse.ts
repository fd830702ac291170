import { amqpError, BrokerError } from "../brokerError.ts";
import type { Link } from "./rhea.ts";

/**
 * Refuses a link: an attach without source and target, then a detach that says why (AMQP 1.0,
 * 2.6.3). Anything but a `BrokerError` is thrown on.
 */
export function refuse(link: Link, error: unknown): void {
  if (!(error instanceof BrokerError)) throw error;
  delete link.local.attach.source;
  delete link.local.attach.target;
  link.close(amqpError(error));
}

/**
 * Leaves an attach without an answer. rhea opens the broker's end before it tells, so that is
 * taken back; private to rhea 3.0.5.
 */
export function leaveUnanswered(link: Link): void {
  link.state.local_open = false;
  link.state.open_requests = 0;
}

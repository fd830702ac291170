import { amqpError, BrokerError } from "../brokerError.ts";
import type { Queue } from "../engine/queue.ts";
import type { BrokerConnection, BrokerLink } from "./brokerConnection.ts";
import { putToken } from "./cbs.ts";
import { fromAmqp, sizeOf, unbatch } from "./content.ts";
import { manage } from "./management.ts";
import { leaveUnanswered, refuse } from "./refuse.ts";
import type { AmqpMessage, Link, LinkContext } from "./rhea.ts";

/** Bytes; the limit of the Standard tier. */
export const MAX_MESSAGE_SIZE = 262_144;
const BATCH_FORMAT = 0x80013700;

/** A client attaches a sending link: the broker receives on it. */
export function openLinkIn(connection: BrokerConnection, link: Link): void {
  const entry = connection.addLink(link, link.target?.address ?? "");
  link.set_source(link.source ?? {});
  link.set_target({ address: entry.text });
  try {
    if (entry.address.kind === "cbs") {
      onRequest(link, (request) => {
        putToken(connection, request).catch(connection.edge.onInternalError);
      });
    } else if (entry.address.kind === "management") {
      connection.grants.check(connection.edge.queues.nameOf(entry.address), "send", "listen");
      onRequest(link, (request) => manage(connection, entry, request));
    } else {
      openSender(connection, link, entry);
    }
  } catch (error) {
    refuse(link, error);
  }
}

function onRequest(link: Link, handle: (request: AmqpMessage) => void): void {
  link.on("message", ({ message, delivery }) => {
    delivery?.accept();
    if (message && !Buffer.isBuffer(message)) handle(message);
  });
}

function openSender(connection: BrokerConnection, link: Link, entry: BrokerLink): void {
  const { queues, faults } = connection.edge;
  const fault = faults.attach?.(entry.text, "sends");
  if (fault === "ignore") {
    leaveUnanswered(link);
    return;
  }
  if (fault) throw new BrokerError(fault.condition, fault.description);
  connection.grants.check(queues.nameOf(entry.address), "send");
  const queue = queues.find(entry.address);
  link.local.attach.max_message_size = MAX_MESSAGE_SIZE;
  link.on("message", (context) => {
    try {
      const whatFails = faults.transfer?.(entry.text);
      if (whatFails === "ignore") return;
      if (typeof whatFails === "object") {
        throw new BrokerError(whatFails.condition, whatFails.description);
      }
      store(queue, context);
      if (whatFails !== "unacknowledged") context.delivery?.accept();
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      context.delivery?.reject(amqpError(error));
    }
  });
}

function store(queue: Queue, { message, format }: LinkContext): void {
  if (!message) return;
  if (Buffer.isBuffer(message)) {
    if (format !== BATCH_FORMAT) {
      throw new BrokerError("amqp:not-implemented", `Unknown message format ${format}.`);
    }
    checkSize(message.length);
    queue.enqueue(unbatch(message).map(fromAmqp));
    return;
  }
  const one = fromAmqp(message);
  checkSize(sizeOf(one));
  queue.enqueue([one]);
}

/** The client checks batches only. */
function checkSize(bytes: number): void {
  if (bytes <= MAX_MESSAGE_SIZE) return;
  throw new BrokerError(
    "amqp:link:message-size-exceeded",
    `The message has ${bytes} bytes; ${MAX_MESSAGE_SIZE} are allowed.`,
  );
}

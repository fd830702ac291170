import { BrokerError, notAllowed } from "../brokerError.ts";
import type { BrokerConnection, BrokerLink } from "./brokerConnection.ts";
import { watchDispositions } from "./dispositions.ts";
import { LinkReceiver } from "./linkReceiver.ts";
import { leaveUnanswered, refuse } from "./refuse.ts";
import type { Sender } from "./rhea.ts";
import { ticks } from "./values.ts";

const SESSION_FILTER = "com.microsoft:session-filter";
const LOCKED_UNTIL = "com.microsoft:locked-until-utc";

/** A client attaches a receiving link: the broker sends on it. */
export function openLinkOut(connection: BrokerConnection, link: Sender): void {
  const entry = connection.addLink(link, link.source?.address ?? "");
  const { attach } = link.local;
  if (link.remote.attach.snd_settle_mode !== undefined) {
    attach.snd_settle_mode = link.remote.attach.snd_settle_mode;
  }
  if (link.remote.attach.rcv_settle_mode !== undefined) {
    attach.rcv_settle_mode = link.remote.attach.rcv_settle_mode;
  }
  try {
    if (entry.address.kind === "queue") openReceiver(connection, link, entry);
    else openReplyLink(connection, link, entry);
  } catch (error) {
    refuse(link, error);
  }
}

function openReplyLink(connection: BrokerConnection, link: Sender, entry: BrokerLink): void {
  if (entry.address.kind === "management") {
    connection.grants.check(connection.edge.queues.nameOf(entry.address), "send", "listen");
  }
  link.set_source({ address: entry.text });
  link.set_target(link.target ?? {});
  connection.replies.add(link);
  entry.onGone = () => connection.replies.remove(link);
}

function openReceiver(connection: BrokerConnection, link: Sender, entry: BrokerLink): void {
  const { queues, faults } = connection.edge;
  const fault = faults.attach?.(entry.text, "receives");
  if (fault === "ignore") {
    leaveUnanswered(link);
    return;
  }
  if (fault) throw new BrokerError(fault.condition, fault.description);
  connection.grants.check(queues.nameOf(entry.address), "listen");
  const queue = queues.find(entry.address);
  const receiver = new LinkReceiver(link);
  link.set_target(link.target ?? {});
  const sessionId = requestedSession(link);
  if (queue.settings.requiresSession) {
    if (sessionId === undefined) throw notAllowed("This queue is read by session only.");
    const session = queue.attachToSession(sessionId, receiver);
    link.set_source({ address: entry.text, filter: { [SESSION_FILTER]: sessionId } });
    link.local.attach.properties = { [LOCKED_UNTIL]: ticks(session.lockedUntil) };
  } else {
    if (sessionId !== undefined) throw notAllowed("This queue has no sessions.");
    link.set_source({ address: entry.text });
    queue.attach(receiver);
  }
  entry.onGone = () => queue.detach(receiver);
  link.on("sender_flow", () => queue.onCredit(receiver));
  link.on("sender_draining", () => {
    queue.onCredit(receiver);
    link.set_drained(true);
  });
  watchDispositions(link, queue, () => faults.disposition?.(entry.text));
}

/** The session id that the client asks for; undefined if it asks for no session. */
function requestedSession(link: Sender): string | undefined {
  const filter = link.source?.filter;
  if (!filter || !(SESSION_FILTER in filter)) return undefined;
  const id = filter[SESSION_FILTER];
  if (typeof id !== "string") {
    throw new BrokerError("amqp:not-implemented", "Accepting the next session: name a session.");
  }
  return id;
}

import { amqpError, unauthorizedAccess } from "../brokerError.ts";
import { Grants } from "../grants.ts";
import { type Address, parseAddress } from "./address.ts";
import type { Edge } from "./edge.ts";
import { openLinkIn } from "./linkIn.ts";
import { openLinkOut } from "./linkOut.ts";
import { ReplyLinks } from "./replyLinks.ts";
import type { AmqpError, Connection, Link, LinkContext } from "./rhea.ts";
import type { WebSocketStream } from "./webSocketStream.ts";

/** One link of a client, of whatever kind. */
export interface BrokerLink {
  readonly text: string;
  readonly address: Address;
  /** Called once, when the link is gone. */
  onGone: () => void;
}

const FAILURES = ["connection_error", "session_error", "sender_error", "receiver_error"];

/** One client's connection: its links, its tokens, its reply links. */
export class BrokerConnection {
  readonly edge: Edge;
  readonly grants: Grants;
  readonly replies = new ReplyLinks();
  private readonly connection: Connection;
  private readonly stream: WebSocketStream;
  private readonly links = new Map<Link, BrokerLink>();

  constructor(edge: Edge, connection: Connection, stream: WebSocketStream) {
    this.edge = edge;
    this.connection = connection;
    this.stream = stream;
    this.grants = new Grants(edge.clock, edge.mayUse, () => this.closeUnauthorised());
    connection.on("sender_open", ({ sender }) => sender && openLinkOut(this, sender));
    connection.on("receiver_open", ({ receiver }) => receiver && openLinkIn(this, receiver));
    connection.on("sender_close", (context) => this.forgetLink(context.sender));
    connection.on("receiver_close", (context) => this.forgetLink(context.receiver));
    connection.on("session_close", (context) => this.forgetSession(context));
    connection.on("connection_close", () => this.forget());
    connection.on("disconnected", () => this.forget());
    // Without a listener rhea throws on each of these; a client's complaint needs no answer.
    for (const event of FAILURES) connection.on(event, () => {});
    connection.on("protocol_error", () => {});
    connection.on("error", (error: unknown) => edge.onInternalError(error));
    connection.accept(stream);
  }

  /** Takes note of a link that the client opens. */
  addLink(link: Link, text: string): BrokerLink {
    const entry: BrokerLink = { text, address: parseAddress(text), onGone: () => {} };
    this.links.set(link, entry);
    return entry;
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.stream.destroy();
  }

  /** Answers nothing any more; see `Faults.silence`. */
  silence(): void {
    this.stream.silence();
  }

  close(error: AmqpError): void {
    this.connection.close(error);
  }

  detach(address: RegExp, error: AmqpError): void {
    for (const [link, { text }] of this.links) if (address.test(text)) link.close(error);
  }

  /** The connection is gone, and its links with it. */
  forget(): void {
    this.grants.stop();
    for (const link of [...this.links.keys()]) this.forgetLink(link);
  }

  private forgetSession({ session }: LinkContext): void {
    for (const link of [...this.links.keys()]) if (link.session === session) this.forgetLink(link);
  }

  private forgetLink(link: Link | undefined): void {
    const entry = link && this.links.get(link);
    if (!entry) return;
    this.links.delete(link);
    entry.onGone();
  }

  private closeUnauthorised(): void {
    const error = amqpError(unauthorizedAccess("ExpiredToken: the link's token has expired."));
    for (const [link, { address }] of this.links) {
      if (address.kind !== "cbs" && !this.grants.isLive(address.queue)) link.close(error);
    }
  }
}

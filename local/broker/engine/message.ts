/** What the engine carries and never looks into: the encoded parts of an AMQP message. */
export interface Content {
  readonly durable?: boolean;
  readonly priority?: number;
  /** The sender's own annotations; the broker adds its own at each delivery. */
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly properties: Buffer;
  readonly body: Buffer;
}

/** A message as a sender hands it over. */
export interface Message {
  readonly id: string;
  readonly sessionId?: string;
  /** Milliseconds from its arrival in the queue; the queue's own time to live is the ceiling. */
  readonly timeToLiveMs?: number;
  /** Milliseconds since 1970: not to be delivered before. */
  readonly scheduledFor?: number;
  readonly applicationProperties: Readonly<Record<string, unknown>>;
  /** Queue from which the message was dead-lettered. */
  readonly deadLetterSource?: string;
  readonly content: Content;
}

export type MessageState = "active" | "deferred" | "scheduled";

/** A message in a queue. */
export interface StoredMessage {
  message: Message;
  sequenceNumber: number;
  /** Milliseconds since 1970. */
  enqueuedAt: number;
  /** Milliseconds since 1970; `Infinity` if it never expires. */
  expiresAt: number;
  /** Deliveries that ended without a settlement, or in an abandon: 0 at the first delivery. */
  failedDeliveries: number;
  state: MessageState;
}

import { randomUUID } from "node:crypto";
import type { Lock } from "../engine/locks.ts";
import type { Message, StoredMessage } from "../engine/message.ts";
import { type AmqpMessage, type BodySection, codec, type Typed, types } from "./rhea.ts";
import { long } from "./values.ts";

const MESSAGE_ANNOTATIONS = 0x72;
const APPLICATION_PROPERTIES = 0x74;
const VALUE = 0x77;
/** `x-opt-message-state`, as the client counts them. */
const STATE_NUMBER = { active: 0, deferred: 1, scheduled: 2 } as const;

const section = (code: number, value: Typed): Typed =>
  types.described(types.wrap_ulong(code), value);

function encode(sections: readonly Typed[]): Buffer {
  const writer = new types.Writer();
  for (const each of sections) writer.write(each);
  return writer.toBuffer();
}

const isSection = (body: unknown): body is BodySection =>
  typeof body === "object" && body !== null && "collect_sections" in body;

function bodySections(body: unknown): Typed[] {
  if (!isSection(body)) return [section(VALUE, types.wrap(body))];
  const sections: Typed[] = [];
  body.collect_sections(sections);
  return sections;
}

const textOf = (id: string | number | Buffer): string =>
  Buffer.isBuffer(id) ? id.toString("hex") : String(id);

const momentOf = (value: unknown): number | undefined =>
  value instanceof Date ? value.getTime() : typeof value === "number" ? value : undefined;

/**
 * A received message for the engine. Properties and body are encoded here once, so a delivery
 * only writes what changes. A message without an id gets one: the client cannot renew the lock
 * of, or settle, a message that has none.
 */
export function fromAmqp(received: AmqpMessage): Message {
  received.message_id ??= randomUUID().replaceAll("-", "");
  const annotations = received.message_annotations ?? {};
  const scheduledFor = momentOf(annotations["x-opt-scheduled-enqueue-time"]);
  return {
    id: textOf(received.message_id),
    applicationProperties: received.application_properties ?? {},
    ...(received.group_id === undefined ? {} : { sessionId: received.group_id }),
    ...(received.ttl === undefined ? {} : { timeToLiveMs: received.ttl }),
    ...(scheduledFor === undefined ? {} : { scheduledFor }),
    content: {
      annotations,
      ...(received.durable === undefined ? {} : { durable: received.durable }),
      ...(received.priority === undefined ? {} : { priority: received.priority }),
      properties: encode([codec.properties(received).described()]),
      body: encode(bodySections(received.body)),
    },
  };
}

const applicationSection = (message: Message): Typed[] =>
  Object.keys(message.applicationProperties).length === 0
    ? []
    : [section(APPLICATION_PROPERTIES, types.wrap_map(message.applicationProperties))];

/** Bytes of the message without what the broker adds. */
export function sizeOf(message: Message): number {
  const { properties, body } = message.content;
  const application = applicationSection(message);
  return (
    properties.length + body.length + (application.length > 0 ? encode(application).length : 0)
  );
}

/** The message as it is delivered, with the broker's annotations. */
export function toAmqp(stored: StoredMessage, lock: Lock | undefined): Buffer {
  const { message, state } = stored;
  const { content } = message;
  const header = codec.header({
    ...(content.durable === undefined ? {} : { durable: content.durable }),
    ...(content.priority === undefined ? {} : { priority: content.priority }),
    ...(message.timeToLiveMs === undefined ? {} : { ttl: message.timeToLiveMs }),
    delivery_count: stored.failedDeliveries,
  });
  const annotations: Record<string, unknown> = {
    ...content.annotations,
    "x-opt-sequence-number": long(stored.sequenceNumber),
    "x-opt-enqueued-time": new Date(stored.enqueuedAt),
  };
  if (lock) annotations["x-opt-locked-until"] = new Date(lock.until);
  if (state !== "active") annotations["x-opt-message-state"] = STATE_NUMBER[state];
  if (message.deadLetterSource) annotations["x-opt-deadletter-source"] = message.deadLetterSource;
  const lead = encode([
    header.described(),
    section(MESSAGE_ANNOTATIONS, types.wrap_symbolic_map(annotations)),
  ]);
  const application = applicationSection(message);
  return Buffer.concat([
    lead,
    content.properties,
    ...(application.length > 0 ? [encode(application)] : []),
    content.body,
  ]);
}

/** The messages of a batch transfer: a message whose data sections are encoded messages. */
export function unbatch(encoded: Buffer): AmqpMessage[] {
  const { body } = codec.decode(encoded);
  if (!isSection(body)) return [];
  const parts = body.multiple ? (body.content as Buffer[]) : [body.content as Buffer];
  return parts.map((part) => codec.decode(part));
}

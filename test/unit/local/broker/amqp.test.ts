import { parseAddress, queueOfAudience } from "../../../../local/broker/amqp/address.ts";
import { fromAmqp, sizeOf, toAmqp } from "../../../../local/broker/amqp/content.ts";
import { deliveryTag, uuidBytes, uuidText } from "../../../../local/broker/amqp/lockToken.ts";
import { type AmqpMessage, codec } from "../../../../local/broker/amqp/rhea.ts";
import { fromLong, long, ticks } from "../../../../local/broker/amqp/values.ts";

test.each([
  ["$cbs", "cbs", "", false],
  ["Replies", "queue", "replies", false],
  ["/replies", "queue", "replies", false],
  ["replies/$DeadLetterQueue", "queue", "replies", true],
  ["replies/$deadletterqueue/$management", "management", "replies", true],
  ["replies/$management", "management", "replies", false],
  ["a/b", "queue", "a/b", false],
])("the address %s", (text, kind, queue, deadLetters) => {
  expect(parseAddress(text)).toEqual({ kind, queue, deadLetters });
});

test.each([
  ["sb://contoso.servicebus.windows.net/replies", "replies"],
  ["sb://127.0.0.1:5671/Replies/$management", "replies"],
  ["sb://contoso.servicebus.windows.net/", ""],
  ["", undefined],
])("the audience %s is for the queue %s", (audience, queue) => {
  expect(queueOfAudience(audience)).toBe(queue);
});

test("a lock token as a delivery tag has the byte order of a .NET Guid", () => {
  const token = "00112233-4455-6677-8899-aabbccddeeff";
  expect(deliveryTag(token).toString("hex")).toBe("33221100554477668899aabbccddeeff");
  expect(uuidText(uuidBytes(token))).toBe(token);
});

test("ticks count from the year 1", () => {
  expect((ticks(0).value as Buffer).readBigInt64BE()).toBe(621_355_968_000_000_000n);
  expect(fromLong(long(2 ** 45).value)).toBe(2 ** 45);
});

describe("messages", () => {
  const stored = (message: ReturnType<typeof fromAmqp>) => ({
    message,
    sequenceNumber: 7,
    enqueuedAt: 1_700_000_000_000,
    expiresAt: Number.POSITIVE_INFINITY,
    failedDeliveries: 2,
    state: "active" as const,
  });
  const bytes = (content: Buffer): AmqpMessage["body"] =>
    codec.decode(Buffer.concat([Buffer.from([0, 0x53, 0x75, 0xa0, content.length]), content])).body;

  test("pass through unchanged, with the broker's annotations", () => {
    const received: AmqpMessage = {
      message_id: "id",
      correlation_id: "tracking",
      group_id: "session",
      ttl: 5000,
      application_properties: { text: "ä", number: 7 },
      message_annotations: { "x-opt-partition-key": "p" },
      body: bytes(Buffer.from("sealed")),
    };
    const message = fromAmqp({ ...received });
    expect(message).toMatchObject({ id: "id", sessionId: "session", timeToLiveMs: 5000 });
    const lock = { token: "", stored: stored(message), session: undefined, until: 1000 };
    const out = codec.decode(toAmqp(stored(message), { ...lock, cancel: undefined }));
    expect(out).toMatchObject({ ...received, delivery_count: 2 });
    expect(out.message_annotations).toMatchObject({
      "x-opt-sequence-number": 7,
      "x-opt-enqueued-time": new Date(1_700_000_000_000),
      "x-opt-locked-until": new Date(1000),
      "x-opt-partition-key": "p",
    });
  });

  test("without an id get one", () => {
    const [first, second] = [fromAmqp({ body: "x" }), fromAmqp({ body: "x" })];
    expect(first.id).toMatch(/^[0-9a-f]{32}$/);
    expect(second.id).not.toBe(first.id);
    expect(codec.decode(toAmqp(stored(first), undefined)).message_id).toBe(first.id);
  });

  test("have the size of what was sent, properties included", () => {
    const small = sizeOf(fromAmqp({ message_id: "a", body: bytes(Buffer.alloc(10)) }));
    const properties = { application_properties: { text: "x".repeat(1000) } };
    const large = sizeOf(
      fromAmqp({ message_id: "a", body: bytes(Buffer.alloc(200)), ...properties }),
    );
    expect(small).toBeLessThan(60);
    expect(large - small).toBeGreaterThanOrEqual(1190);
    expect(large - small).toBeLessThan(1240);
  });
});

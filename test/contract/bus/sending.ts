import { randomUUID } from "node:crypto";
import { type Context, glance, next, unrenewed, until } from "./context.ts";
import { queues } from "./suiteQueues.ts";

/** What a sender can say about a message, and what becomes of it. */
export function describeSending(context: () => Context): void {
  const { name } = queues.send;
  const bus = () => context().owner.bus;

  test("everything that the halves write into a message arrives", async () => {
    const body = Buffer.from([0, 1, 2, 254, 255]);
    const sent = {
      messageId: randomUUID(),
      correlationId: "tracking",
      subject: "reset",
      contentType: "application/jose",
      replyTo: "replies",
      replyToSessionId: "instance",
      sessionId: "anything",
      timeToLive: 20_000,
      applicationProperties: { text: "ä", number: 7, large: 2 ** 40, truth: true },
    };
    const before = Date.now() - 1000;
    await bus()
      .createSender(name)
      .sendMessages({ ...sent, body });
    const own = bus().createReceiver(name, { skipParsingBodyAsJson: true });
    const message = await next(own);
    expect(message).toMatchObject(sent);
    expect(Buffer.compare(message.body as Buffer, body)).toBe(0);
    expect(message.enqueuedTimeUtc!.getTime()).toBeGreaterThan(before);
    expect(message.expiresAtUtc!.getTime()).toBe(message.enqueuedTimeUtc!.getTime() + 20_000);
    expect(message.lockToken).toMatch(/^[0-9a-f-]{36}$/);
    await own.completeMessage(message);
  });

  test("a message without an id gets one, or it could not be settled", async () => {
    await bus().createSender(name).sendMessages({ body: "no id" });
    const own = bus().createReceiver(name);
    const message = await next(own);
    expect(message.messageId).toBeTruthy();
    await own.completeMessage(message);
  });

  test("a batch arrives in its order", async () => {
    const sender = bus().createSender(name);
    const batch = await sender.createMessageBatch();
    const ids = Array.from({ length: 10 }, () => randomUUID());
    for (const messageId of ids) expect(batch.tryAddMessage({ messageId, body: "b" })).toBe(true);
    await sender.sendMessages(batch);
    await sender.sendMessages([{ messageId: "first" }, { messageId: "second" }].map(withBody));
    const own = bus().createReceiver(name);
    const seen: unknown[] = [];
    while (seen.length < 12) {
      const message = await next(own);
      seen.push(message.messageId);
      await own.completeMessage(message);
    }
    expect(seen).toEqual([...ids, "first", "second"]);
  });

  test("peeking takes nothing", async () => {
    await bus().createSender(name).sendMessages({ messageId: "peeked", body: "p" });
    const own = bus().createReceiver(name);
    for (const _ of [1, 2]) {
      expect(await context().first(name)).toMatchObject({ messageId: "peeked", deliveryCount: 0 });
    }
    await own.completeMessage(await next(own));
  });

  test("a scheduled message comes when it is due", async () => {
    const due = new Date(Date.now() + 700);
    const sender = bus().createSender(name);
    await sender.scheduleMessages({ messageId: "later", body: "s" }, due);
    const own = bus().createReceiver(name);
    const message = await next(own);
    expect(message.messageId).toBe("later");
    expect(Date.now()).toBeGreaterThanOrEqual(due.getTime());
    await own.completeMessage(message);
  });

  test("a scheduled message can be taken back once", async () => {
    const sender = bus().createSender(name);
    const due = new Date(Date.now() + 60_000);
    const [number] = await sender.scheduleMessages([{ body: "s" }], due);
    expect(await context().first(name)).toMatchObject({ state: "scheduled" });
    await sender.cancelScheduledMessages(number!);
    expect(await context().first(name)).toBeUndefined();
    const again = sender.cancelScheduledMessages(number!);
    await expect(again).rejects.toMatchObject({ code: "MessageNotFound" });
  });

  test("a message that is too large is refused, and the link goes on", async () => {
    const sender = bus().createSender(name);
    const large = sender.sendMessages({ body: Buffer.alloc(300_000) });
    await expect(large).rejects.toMatchObject({ code: "MessageSizeExceeded" });
    await sender.sendMessages({ messageId: "large", body: Buffer.alloc(200_000) });
    const own = bus().createReceiver(name, { skipParsingBodyAsJson: true });
    const message = await next(own);
    expect((message.body as Buffer).length).toBe(200_000);
    await own.completeMessage(message);
  });

  test("a second message of the same id is accepted and dropped", async () => {
    const sender = bus().createSender(queues.unique.name);
    const own = bus().createReceiver(queues.unique.name);
    const messageId = randomUUID();
    await sender.sendMessages({ messageId, body: "once" });
    await sender.sendMessages([{ messageId, body: "twice" }]);
    const message = await next(own);
    expect(message.body).toBe("once");
    await own.completeMessage(message);
    await sender.sendMessages({ messageId, body: "after it was completed" });
    expect(await glance(own)).toHaveLength(0);
  });

  test.each([
    ["its own", queues.send.name, { timeToLive: 300 }],
    ["the queue's as the ceiling", queues.brief.name, { timeToLive: 60_000 }],
    ["the queue's as the default", queues.brief.name, {}],
  ])(
    "after its time to live (%s) a message is gone, and in no other queue",
    async (_, queue, ttl) => {
      await bus()
        .createSender(queue)
        .sendMessages({ body: "short", ...ttl });
      const own = bus().createReceiver(queue);
      expect(await context().first(queue)).toMatchObject({ body: "short" });
      await until(async () => !(await context().first(queue)));
      expect(await glance(own)).toHaveLength(0);
      expect(await context().first(queue, "deadLetter")).toBeUndefined();
    },
  );

  test("a locked message outlives its time; afterwards it is gone", async () => {
    const queue = queues.brief.name;
    await bus().createSender(queue).sendMessages({ body: "short", timeToLive: 200 });
    const own = unrenewed(context().owner, queue);
    const message = await next(own);
    expect(await glance(own, 400)).toHaveLength(0);
    await own.abandonMessage(message);
    expect(await glance(own)).toHaveLength(0);
  });
}

const withBody = (message: { messageId: string }) => ({ ...message, body: "b" });

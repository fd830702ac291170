import { randomUUID } from "node:crypto";
import { type Context, glance, next, unrenewed, until } from "./context.ts";
import { queues } from "./suiteQueues.ts";

/** Peek-lock and the ways out of it. */
export function describeSettling(context: () => Context): void {
  const { name, lockSeconds, maxDeliveryCount } = queues.settle;
  const receiver = () => unrenewed(context().owner, name);
  const deadLetters = () =>
    context().owner.bus.createReceiver(name, { subQueueType: "deadLetter" });
  const send = async (): Promise<string> => {
    const messageId = randomUUID();
    await context().owner.bus.createSender(name).sendMessages({ messageId, body: "sealed" });
    return messageId;
  };

  test("a completed message is gone", async () => {
    const messageId = await send();
    const message = await next(receiver());
    expect(message).toMatchObject({ messageId, body: "sealed", deliveryCount: 0 });
    expect(message.lockedUntilUtc!.getTime()).toBeGreaterThan(Date.now());
    expect(await context().first(name)).toMatchObject({ messageId });
    const own = receiver();
    const [again] = await own.receiveMessages(1, { maxWaitTimeInMs: 100 });
    expect(again).toBeUndefined();
    await own.completeMessage(message);
    expect(await context().first(name)).toBeUndefined();
  });

  test("an abandoned message comes again at once, counted, with the changed properties", async () => {
    const messageId = await send();
    const own = receiver();
    await own.abandonMessage(await next(own), { tries: 1 });
    const again = await next(own, (lockSeconds * 1000) / 2);
    expect(again).toMatchObject({
      messageId,
      deliveryCount: 1,
      applicationProperties: { tries: 1 },
    });
    await own.completeMessage(again);
  });

  test("a lock that runs out: the message comes again, the old lock is worth nothing", async () => {
    const messageId = await send();
    const own = receiver();
    const first = await next(own);
    const again = await next(own);
    expect(again).toMatchObject({ messageId, deliveryCount: 1 });
    expect(Date.now()).toBeGreaterThanOrEqual(first.lockedUntilUtc!.getTime());
    expect(again.lockToken).not.toBe(first.lockToken);
    await expect(own.completeMessage(first)).rejects.toMatchObject({ code: "MessageLockLost" });
    await own.completeMessage(again);
  });

  test("a deferred message comes by its number only", async () => {
    await send();
    const own = receiver();
    const message = await next(own);
    await own.deferMessage(message, { state: "later" });
    expect(await glance(own)).toHaveLength(0);
    const [deferred] = await own.receiveDeferredMessages(message.sequenceNumber!);
    expect(deferred).toMatchObject({
      messageId: message.messageId,
      state: "deferred",
      applicationProperties: { state: "later" },
    });
    await own.completeMessage(deferred!);
    const gone = own.receiveDeferredMessages(message.sequenceNumber!);
    await expect(gone).rejects.toMatchObject({ code: "MessageNotFound" });
  });

  test("a dead-lettered message keeps its reason", async () => {
    const messageId = await send();
    const own = receiver();
    await own.deadLetterMessage(await next(own), {
      deadLetterReason: "unreadable",
      deadLetterErrorDescription: "no envelope",
    });
    expect(await glance(own)).toHaveLength(0);
    const dead = deadLetters();
    const message = await next(dead);
    expect(message).toMatchObject({
      messageId,
      deadLetterReason: "unreadable",
      deadLetterErrorDescription: "no envelope",
      deadLetterSource: name,
    });
    await dead.completeMessage(message);
  });

  test("after the maximum of deliveries it is dead-lettered", async () => {
    const messageId = await send();
    const own = receiver();
    for (let count = 0; count < maxDeliveryCount; count++) {
      const message = await next(own);
      expect(message.deliveryCount).toBe(count);
      await own.abandonMessage(message);
    }
    expect(await glance(own)).toHaveLength(0);
    const dead = deadLetters();
    const message = await next(dead);
    expect(message).toMatchObject({ messageId, deadLetterReason: "MaxDeliveryCountExceeded" });
    await dead.completeMessage(message);
  });

  test("receive and delete leaves nothing", async () => {
    const messageId = await send();
    const own = context().owner.bus.createReceiver(name, { receiveMode: "receiveAndDelete" });
    expect(await next(own)).toMatchObject({ messageId });
    expect(await context().first(name)).toBeUndefined();
  });

  test("several receivers share the messages", async () => {
    const ids = new Set(await Promise.all(Array.from({ length: 20 }, send)));
    const seen: unknown[] = [];
    const open = [receiver(), receiver(), receiver()].map((own) =>
      own.subscribe({
        processMessage: async (message) => {
          seen.push(message.messageId);
        },
        processError: async () => {},
      }),
    );
    await until(async () => !(await context().first(name)));
    await Promise.all(open.map((subscription) => subscription.close()));
    expect(seen).toHaveLength(ids.size);
    expect(new Set(seen)).toEqual(ids);
  });

  test("a link that is closed loses no lock: the message is settled over another link", async () => {
    await send();
    const own = receiver();
    const message = await next(own);
    await own.close();
    const other = receiver();
    await glance(other);
    await other.completeMessage(message);
    expect(await context().first(name)).toBeUndefined();
  });
}

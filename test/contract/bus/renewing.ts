import { randomUUID } from "node:crypto";
import { type Context, glance, next, unrenewed, until } from "./context.ts";
import { queues } from "./suiteQueues.ts";

/** Holding a message longer than one lock; clients that vanish with a lock in hand. */
export function describeRenewing(context: () => Context): void {
  const { name, lockSeconds } = queues.renew;
  const lockMs = lockSeconds * 1000;
  const receiver = () => unrenewed(context().owner, name);
  const send = async (): Promise<string> => {
    const messageId = randomUUID();
    await context().owner.bus.createSender(name).sendMessages({ messageId, body: "sealed" });
    return messageId;
  };

  test("a renewed lock lasts from the renewal on", async () => {
    await send();
    const own = receiver();
    const message = await next(own);
    const first = message.lockedUntilUtc!.getTime();
    expect(await glance(own, lockMs / 2)).toHaveLength(0);
    const renewed = await own.renewMessageLock(message);
    expect(renewed.getTime()).toBeGreaterThanOrEqual(first + lockMs / 3);
    expect(await glance(own, first - Date.now() + 200)).toHaveLength(0);
    await own.completeMessage(message);
  });

  test("a lock that was lost cannot be renewed", async () => {
    await send();
    const own = receiver();
    const message = await next(own);
    await own.completeMessage(message);
    const late = own.renewMessageLock(message);
    await expect(late).rejects.toMatchObject({ code: "MessageLockLost" });
  });

  test("the client's own renewal holds a message for as long as its handler runs", async () => {
    await send();
    const counts: (number | undefined)[] = [];
    let handled = false;
    const own = context().owner.bus.createReceiver(name, {
      maxAutoLockRenewalDurationInMs: 60_000,
    });
    const errors: unknown[] = [];
    const subscription = own.subscribe(
      {
        processMessage: async (message) => {
          counts.push(message.deliveryCount);
          expect(await glance(receiver(), lockMs * 1.6)).toHaveLength(0);
          await own.completeMessage(message);
          handled = true;
        },
        processError: async ({ error }) => {
          errors.push(error);
        },
      },
      { autoCompleteMessages: false },
    );
    await until(async () => handled, 10_000);
    await subscription.close();
    expect({ counts, errors }).toEqual({ counts: [0], errors: [] });
    expect(await context().first(name)).toBeUndefined();
  });

  test("killed with a lock in hand: the message comes again after the lock, in its time", async () => {
    const messageId = randomUUID();
    const sender = context().owner.bus.createSender(name);
    await sender.sendMessages({ messageId, body: "sealed", timeToLive: 30_000 });
    const victim = context().client("owner");
    const held = await next(unrenewed(victim, name));
    expect(held).toMatchObject({ messageId, deliveryCount: 0 });
    const lockEnd = held.lockedUntilUtc!.getTime();
    victim.cut();
    const other = receiver();
    expect(await glance(other, (lockEnd - Date.now()) / 2)).toHaveLength(0);
    const again = await next(other, lockMs + 2000);
    expect(again).toMatchObject({ messageId, deliveryCount: 1 });
    expect(Date.now()).toBeGreaterThanOrEqual(lockEnd);
    expect(Date.now()).toBeLessThan(again.expiresAtUtc!.getTime());
    await other.completeMessage(again);
  });
}

import { randomUUID } from "node:crypto";
import type { Who } from "./busUnderTest.ts";
import { type Context, next } from "./context.ts";
import { queues } from "./suiteQueues.ts";

const UNAUTHORISED = { code: "UnauthorizedAccess" };

/** Who may do what, and what there is no queue for. */
export function describeRights(context: () => Context): void {
  const { name } = queues.rights;
  const send = (who: Who) =>
    context().client(who).bus.createSender(name).sendMessages({ body: "sealed" });
  const receive = (who: Who) =>
    context().client(who).bus.createReceiver(name).receiveMessages(1, { maxWaitTimeInMs: 1000 });

  test("a sender sends, a listener listens", async () => {
    const messageId = randomUUID();
    const sender = context().client("sender").bus.createSender(name);
    await sender.sendMessages({ messageId, body: "sealed" });
    const own = context().client("listener").bus.createReceiver(name);
    const message = await next(own);
    expect(message.messageId).toBe(messageId);
    await own.renewMessageLock(message);
    await own.completeMessage(message);
  });

  test.each<Who>(["listener", "stranger", "expired", "forged"])("%s may not send", async (who) => {
    await expect(send(who)).rejects.toMatchObject(UNAUTHORISED);
  });

  test.each<Who>(["sender", "stranger", "expired", "forged"])("%s may not listen", async (who) => {
    await expect(receive(who)).rejects.toMatchObject(UNAUTHORISED);
  });

  test("a sender may not peek, a listener may not schedule", async () => {
    const peek = context().client("sender").bus.createReceiver(name).peekMessages(1);
    await expect(peek).rejects.toMatchObject(UNAUTHORISED);
    const due = new Date(Date.now() + 60_000);
    const listener = context().client("listener").bus;
    const schedule = listener.createSender(name).scheduleMessages([{ body: "s" }], due);
    await expect(schedule).rejects.toMatchObject(UNAUTHORISED);
  });

  test("a session is not opened without the right to listen", async () => {
    const accept = context().client("sender").bus.acceptSession(queues.sessions.name, "any");
    await expect(accept).rejects.toThrow();
  });

  test("a queue that is not there is not found", async () => {
    const { bus } = context().owner;
    const missing = { code: "MessagingEntityNotFound" };
    const send = bus.createSender("suite-missing").sendMessages({ body: "b" });
    await expect(send).rejects.toMatchObject(missing);
    const receive = bus.createReceiver("suite-missing").receiveMessages(1);
    await expect(receive).rejects.toMatchObject(missing);
  });
}

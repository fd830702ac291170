import { randomUUID } from "node:crypto";
import { type Context, glance, next, until } from "./context.ts";
import { queues } from "./suiteQueues.ts";

/** A queue with sessions: the road of the replies. */
export function describeSessions(context: () => Context): void {
  const { name, lockSeconds } = queues.sessions;
  const lockMs = lockSeconds * 1000;
  const bus = () => context().owner.bus;
  const send = (sessionId: string, ...bodies: string[]) =>
    bus()
      .createSender(name)
      .sendMessages(bodies.map((body) => ({ messageId: randomUUID(), sessionId, body })));

  test("messages that wait in a session are delivered once it is accepted", async () => {
    const id = randomUUID();
    await send(id, "one", "two");
    const session = await bus().acceptSession(name, id);
    expect(session.sessionId).toBe(id);
    expect(session.sessionLockedUntilUtc.getTime()).toBeGreaterThan(Date.now());
    for (const body of ["one", "two"]) {
      const message = await next(session);
      expect(message).toMatchObject({ sessionId: id, body });
      await session.completeMessage(message);
    }
    await session.close();
  });

  test("each session gets what is for it", async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const sessions = await Promise.all(ids.map((id) => bus().acceptSession(name, id)));
    for (const id of [...ids].reverse()) await send(id, `for ${id}`);
    for (const [index, session] of sessions.entries()) {
      const message = await next(session);
      expect(message.body).toBe(`for ${ids[index]}`);
      await session.completeMessage(message);
      await session.close();
    }
  });

  test("a session has one holder; it is free again when that one closes", async () => {
    const id = randomUUID();
    const first = await bus().acceptSession(name, id);
    const second = bus().acceptSession(name, id);
    await expect(second).rejects.toMatchObject({ code: "SessionCannotBeLocked" });
    await first.close();
    await (await bus().acceptSession(name, id)).close();
  });

  test("closing a session gives its messages back, uncounted", async () => {
    const id = randomUUID();
    await send(id, "reply");
    const first = await bus().acceptSession(name, id);
    await next(first);
    await first.close();
    const second = await bus().acceptSession(name, id);
    const message = await next(second);
    expect(message).toMatchObject({ body: "reply", deliveryCount: 0 });
    await second.completeMessage(message);
    await second.close();
  });

  test("a renewed session stays", async () => {
    const id = randomUUID();
    const session = await bus().acceptSession(name, id, { maxAutoLockRenewalDurationInMs: 0 });
    const first = session.sessionLockedUntilUtc.getTime();
    expect(await glance(session, lockMs / 2)).toHaveLength(0);
    const renewed = await session.renewSessionLock();
    expect(renewed.getTime()).toBeGreaterThanOrEqual(first + lockMs / 3);
    expect(await glance(session, first - Date.now() + 200)).toHaveLength(0);
    await send(id, "still here");
    await session.completeMessage(await next(session));
    await session.close();
  });

  test("the client's own renewal keeps a session", async () => {
    const id = randomUUID();
    const session = await bus().acceptSession(name, id, {
      maxAutoLockRenewalDurationInMs: 10 * 365 * 86_400_000,
    });
    const bodies: unknown[] = [];
    const errors: unknown[] = [];
    session.subscribe({
      processMessage: async (message) => {
        bodies.push(message.body);
      },
      processError: async ({ error }) => {
        errors.push(error);
      },
    });
    const end = session.sessionLockedUntilUtc.getTime() + 300;
    await until(async () => Date.now() > end);
    await send(id, "after the first lock");
    await until(async () => bodies.length > 0 && !(await context().first(name)));
    await session.close();
    expect({ bodies, errors }).toEqual({ bodies: ["after the first lock"], errors: [] });
  });

  test("a session that is not renewed is lost; what was held comes again, counted", async () => {
    const id = randomUUID();
    await send(id, "reply");
    const errors: unknown[] = [];
    const lost = await bus().acceptSession(name, id, { maxAutoLockRenewalDurationInMs: 0 });
    lost.subscribe(
      {
        processMessage: async () => {},
        processError: async ({ error }) => {
          errors.push(error);
        },
      },
      { autoCompleteMessages: false },
    );
    await until(async () => errors.length > 0);
    expect(errors).toMatchObject([{ code: "SessionLockLost" }]);
    const again = await bus().acceptSession(name, id);
    const message = await next(again);
    expect(message).toMatchObject({ body: "reply", deliveryCount: 1 });
    await again.completeMessage(message);
    await again.close();
  });

  test("a session's state is kept for its next holder", async () => {
    const id = randomUUID();
    const first = await bus().acceptSession(name, id);
    expect(await first.getSessionState()).toBeNull();
    await first.setSessionState({ seen: 3 });
    await first.close();
    const second = await bus().acceptSession(name, id);
    expect(await second.getSessionState()).toEqual({ seen: 3 });
    await second.setSessionState(null);
    expect(await second.getSessionState()).toBeNull();
    await second.close();
  });

  test("killed with a session in hand: it can be accepted again, at the latest after its lock", async () => {
    const id = randomUUID();
    await send(id, "reply");
    const victim = context().client("owner");
    await next(await victim.bus.acceptSession(name, id));
    victim.cut();
    const accepted = await retried(() => bus().acceptSession(name, id), lockMs + 1000);
    const message = await next(accepted);
    expect(message.body).toBe("reply");
    await accepted.completeMessage(message);
    await accepted.close();
  });

  test("a message without a session id is refused", async () => {
    const send = bus().createSender(name).sendMessages({ body: "for whom?" });
    await expect(send).rejects.toThrow(/session/i);
  });

  test("a queue with sessions has no plain receivers, and one without has no sessions", async () => {
    const plain = bus().createReceiver(name).receiveMessages(1, { maxWaitTimeInMs: 500 });
    await expect(plain).rejects.toThrow(/session/i);
    await expect(bus().acceptSession(queues.send.name, "any")).rejects.toThrow();
  });
}

/** Tries again, at once, until it works; rejects with the last error after `limitMs`. */
async function retried<T>(attempt: () => Promise<T>, limitMs: number): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

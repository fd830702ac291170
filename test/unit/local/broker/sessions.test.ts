import { conditionOf, LOCK_MS, message, TestReceiver, testQueue } from "./engineFixture.ts";

const of = (sessionId: string, id: string) => message({ sessionId, id });
const sessionQueue = () => testQueue({ requiresSession: true });

test("a receiver gets the messages of its session, those that waited first", () => {
  const { queue } = sessionQueue();
  queue.enqueue([of("s", "a"), of("t", "b"), of("s", "c")]);
  const [s, t] = [new TestReceiver(), new TestReceiver()];
  queue.attachToSession("s", s);
  queue.attachToSession("t", t);
  queue.enqueue([of("t", "d"), of("s", "e"), of("u", "f")]);
  expect([s.ids, t.ids]).toEqual([
    ["a", "c", "e"],
    ["b", "d"],
  ]);
});

test("messages without a session are refused, and the whole batch with them", () => {
  const { queue } = sessionQueue();
  const refused = conditionOf(() => queue.enqueue([of("s", "a"), message()]));
  expect(refused).toBe("amqp:not-allowed");
  expect(queue.size).toBe(0);
});

test("a session has one holder, and is free at once when that one goes", () => {
  const { queue } = sessionQueue();
  const [first, second] = [new TestReceiver(), new TestReceiver()];
  queue.enqueue([of("s", "a")]);
  queue.attachToSession("s", first);
  const locked = conditionOf(() => queue.attachToSession("s", second));
  expect(locked).toBe("com.microsoft:session-cannot-be-locked");
  queue.detach(first);
  queue.attachToSession("s", second);
  expect(second.delivered).toMatchObject([{ id: "a", failedDeliveries: 0 }]);
});

test("a session that is lost by time counts its deliveries, and its receiver is told", () => {
  const { queue, clock } = sessionQueue();
  const first = new TestReceiver();
  queue.attachToSession("s", first);
  queue.enqueue([of("s", "a")]);
  clock.advance(LOCK_MS);
  expect(first.closedWith.map((error) => error.condition)).toEqual([
    "com.microsoft:session-lock-lost",
  ]);
  expect(conditionOf(() => queue.settle(first.token, { kind: "complete" }))).toBe(
    "com.microsoft:message-lock-lost",
  );
  const second = new TestReceiver();
  queue.attachToSession("s", second);
  expect(second.delivered).toMatchObject([{ id: "a", failedDeliveries: 1 }]);
});

test("a renewed session stays, with the locks of its messages", () => {
  const { queue, clock } = sessionQueue();
  const receiver = new TestReceiver();
  queue.attachToSession("s", receiver);
  queue.enqueue([of("s", "a")]);
  for (let times = 0; times < 5; times++) {
    clock.advance(LOCK_MS - 1);
    expect(queue.renewSession("s")).toBe(clock.now() + LOCK_MS);
  }
  expect(conditionOf(() => queue.renewLock(receiver.token))).toBe("amqp:not-allowed");
  queue.settle(receiver.token, { kind: "complete" });
  expect(queue.stats).toMatchObject({ completed: 1, locksExpired: 0 });
});

test("state is for the holder, and outlives it", () => {
  const { queue } = sessionQueue();
  const lost = "com.microsoft:session-lock-lost";
  expect(conditionOf(() => queue.sessionState("s"))).toBe(lost);
  const first = new TestReceiver();
  queue.attachToSession("s", first);
  queue.setSessionState("s", Buffer.from("kept"));
  queue.detach(first);
  expect(conditionOf(() => queue.setSessionState("s", undefined))).toBe(lost);
  expect(conditionOf(() => queue.renewSession("s"))).toBe(lost);
  queue.attachToSession("s", new TestReceiver());
  expect(queue.sessionState("s")?.toString()).toBe("kept");
});

test("replies that nobody takes expire, and leave nothing", () => {
  const { queue, clock } = sessionQueue();
  queue.enqueue(["s", "t", "u"].map((id) => message({ sessionId: id, timeToLiveMs: 500 })));
  expect(queue.size).toBe(3);
  clock.advance(500);
  expect([queue.size, queue.stats.expired, clock.pending]).toEqual([0, 3, 0]);
});

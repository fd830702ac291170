import { settingsOf } from "../../../../local/broker/engine/queueSettings.ts";
import { repliesQueue, requestsQueue } from "../../../../protocol/queues.ts";
import { conditionOf, LOCK_MS, message, TestReceiver, TTL_MS, testQueue } from "./engineFixture.ts";

const LOST = "com.microsoft:message-lock-lost";

test("the queue descriptions of the protocol are the engine's settings", () => {
  expect([requestsQueue("contoso"), repliesQueue].map(settingsOf)).toEqual([
    {
      name: "requests-contoso",
      requiresSession: false,
      lockMs: 10_000,
      timeToLiveMs: 300_000,
      duplicateWindowMs: 600_000,
      maxDeliveryCount: 100,
    },
    {
      name: "replies",
      requiresSession: true,
      lockMs: 30_000,
      timeToLiveMs: 60_000,
      duplicateWindowMs: 0,
      maxDeliveryCount: 100,
    },
  ]);
});

describe("delivery", () => {
  test("waits for credit, goes by the order of arrival, and takes turns", () => {
    const { queue } = testQueue();
    const [first, second] = [new TestReceiver(1), new TestReceiver(1)];
    queue.attach(first);
    queue.attach(second);
    queue.enqueue([message({ id: "a" }), message({ id: "b" }), message({ id: "c" })]);
    expect([first.ids, second.ids]).toEqual([["a"], ["b"]]);
    second.credits = 1;
    queue.onCredit(second);
    expect(second.ids).toEqual(["b", "c"]);
  });

  test("without peek-lock a delivery is the end of the message", () => {
    const { queue } = testQueue();
    const receiver = new TestReceiver(1, false);
    queue.attach(receiver);
    queue.enqueue([message()]);
    expect(receiver.delivered[0]!.lock).toBeUndefined();
    expect(queue.size).toBe(0);
    expect(queue.stats).toMatchObject({ delivered: 1, completed: 1 });
  });

  test("locks that are made to end count as a failed delivery, once", () => {
    const { queue, clock } = testQueue();
    const [gone, other] = [new TestReceiver(1), new TestReceiver()];
    queue.attach(gone);
    queue.enqueue([message({ id: "a" })]);
    queue.detach(gone);
    queue.attach(other);
    queue.expireLocks();
    expect(other.delivered).toMatchObject([{ id: "a", failedDeliveries: 1 }]);
    queue.settle(other.token, { kind: "complete" });
    clock.advance(2 * LOCK_MS);
    expect(queue.stats).toMatchObject({ locksExpired: 1, completed: 1, delivered: 2 });
  });

  test("a receiver that has gone gets nothing more; its lock stays until it ends", () => {
    const { queue, clock } = testQueue();
    const [gone, other] = [new TestReceiver(1), new TestReceiver(1)];
    queue.attach(gone);
    queue.enqueue([message({ id: "a" })]);
    queue.detach(gone);
    gone.credits = 5;
    queue.attach(other);
    clock.advance(LOCK_MS - 1);
    expect(other.ids).toEqual([]);
    clock.advance(1);
    expect(other.delivered).toMatchObject([{ id: "a", failedDeliveries: 1 }]);
    expect(gone.ids).toEqual(["a"]);
  });
});

describe("settling", () => {
  const held = () => {
    const { queue, clock } = testQueue();
    const receiver = new TestReceiver(1);
    queue.attach(receiver);
    queue.enqueue([message({ id: "a", applicationProperties: { kept: 1 } })]);
    return { queue, clock, receiver, token: receiver.token };
  };

  test.each([
    ["complete", { completed: 1 }, 0, 0],
    ["abandon", { abandoned: 1 }, 1, 0],
    ["defer", { deferred: 1 }, 1, 0],
    ["deadLetter", { deadLettered: 1 }, 0, 1],
  ] as const)("%s", (kind, stats, size, dead) => {
    const { queue, token, clock } = held();
    queue.settle(token, { kind });
    expect(queue.stats).toMatchObject(stats);
    expect([queue.size, queue.deadLetters!.size]).toEqual([size, dead]);
    expect(conditionOf(() => queue.settle(token, { kind }))).toBe(LOST);
    clock.advance(LOCK_MS);
    expect(queue.stats.locksExpired).toBe(0);
  });

  test("changed properties are merged", () => {
    const { queue, token, receiver } = held();
    receiver.credits = 1;
    queue.settle(token, { kind: "abandon", properties: { tries: 1 } });
    expect(receiver.delivered[1]).toMatchObject({
      failedDeliveries: 1,
      stored: { message: { applicationProperties: { kept: 1, tries: 1 } } },
    });
  });

  test("a lock ends exactly after its time, a renewed one that much later", () => {
    const { queue, clock, token } = held();
    clock.advance(LOCK_MS - 1);
    expect(queue.renewLock(token)).toBe(clock.now() + LOCK_MS);
    clock.advance(LOCK_MS - 1);
    expect(queue.stats.locksExpired).toBe(0);
    clock.advance(1);
    expect(queue.stats.locksExpired).toBe(1);
    expect(conditionOf(() => queue.renewLock(token))).toBe(LOST);
    expect(conditionOf(() => queue.settle(token, { kind: "complete" }))).toBe(LOST);
  });

  test("what comes back takes its old place", () => {
    const { queue } = testQueue();
    const receiver = new TestReceiver(1);
    queue.attach(receiver);
    queue.enqueue(["a", "b", "c"].map((id) => message({ id })));
    receiver.credits = 0;
    queue.settle(receiver.token, { kind: "abandon" });
    receiver.credits = 3;
    queue.onCredit(receiver);
    expect(receiver.ids).toEqual(["a", "a", "b", "c"]);
  });

  test("the last allowed delivery that fails ends in the dead letters, with its reason", () => {
    const { queue, clock } = testQueue({ maxDeliveryCount: 2 });
    const receiver = new TestReceiver();
    queue.attach(receiver);
    queue.enqueue([message({ id: "a", timeToLiveMs: 5 * LOCK_MS })]);
    clock.advance(3 * LOCK_MS);
    expect(receiver.delivered.map((each) => each.failedDeliveries)).toEqual([0, 1]);
    expect(queue.size).toBe(0);
    clock.advance(100 * TTL_MS);
    const dead = new TestReceiver();
    queue.deadLetters!.attach(dead);
    expect(dead.delivered).toMatchObject([
      {
        id: "a",
        stored: {
          expiresAt: Number.POSITIVE_INFINITY,
          message: {
            deadLetterSource: "requests-contoso",
            applicationProperties: { DeadLetterReason: "MaxDeliveryCountExceeded" },
          },
        },
      },
    ]);
  });

  test("a dead letter cannot be dead-lettered: it stays", () => {
    const { queue, token } = held();
    queue.settle(token, { kind: "deadLetter", reason: "why", description: "because" });
    const dead = new TestReceiver(1);
    queue.deadLetters!.attach(dead);
    expect(dead.delivered[0]!.stored.message.applicationProperties).toEqual({
      kept: 1,
      DeadLetterReason: "why",
      DeadLetterErrorDescription: "because",
    });
    queue.deadLetters!.settle(dead.token, { kind: "deadLetter" });
    expect(queue.deadLetters!.size).toBe(1);
  });

  test("deferred messages come by number, all or none, and go back there", () => {
    const { queue, clock, token } = held();
    queue.settle(token, { kind: "defer" });
    expect(conditionOf(() => queue.receiveDeferred([1, 99], true))).toBe(
      "com.microsoft:message-not-found",
    );
    const [first] = queue.receiveDeferred([1], true);
    expect(first!.stored.state).toBe("deferred");
    clock.advance(LOCK_MS);
    const [again] = queue.receiveDeferred([1], true);
    expect(again!.stored.failedDeliveries).toBe(1);
    queue.settle(again!.lock!.token, { kind: "complete" });
    expect(queue.size).toBe(0);
  });
});

describe("time", () => {
  test.each([
    ["the message's own", 2000, 2000],
    ["at most the queue's", 5 * TTL_MS, TTL_MS],
    ["by default the queue's", undefined, TTL_MS],
  ])("time to live: %s", (_, timeToLiveMs, lives) => {
    const { queue, clock } = testQueue();
    queue.enqueue([message(timeToLiveMs === undefined ? {} : { timeToLiveMs })]);
    clock.advance(lives - 1);
    expect(queue.peek(1, 1)).toHaveLength(1);
    clock.advance(1);
    expect(queue.size).toBe(0);
    expect(queue.stats.expired).toBe(1);
    expect(queue.deadLetters!.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test("messages that expire close together are delivered to nobody in between", () => {
    const { queue, clock } = testQueue();
    queue.enqueue([100, 105, 200].map((timeToLiveMs) => message({ timeToLiveMs })));
    clock.advance(110);
    const receiver = new TestReceiver(1);
    queue.attach(receiver);
    expect(receiver.delivered).toMatchObject([{ stored: { message: { timeToLiveMs: 200 } } }]);
    expect(queue.stats.expired).toBe(2);
  });

  test("a locked message does not expire before its lock does", () => {
    const { queue, clock } = testQueue();
    const receiver = new TestReceiver();
    queue.attach(receiver);
    queue.enqueue([message({ timeToLiveMs: LOCK_MS / 2 })]);
    clock.advance(LOCK_MS - 1);
    expect(queue.size).toBe(1);
    clock.advance(1);
    expect(receiver.ids).toHaveLength(1);
    expect(queue.stats).toMatchObject({ expired: 1, locksExpired: 1 });
  });

  test("a scheduled message comes when it is due, and lives from then on", () => {
    const { queue, clock } = testQueue();
    const receiver = new TestReceiver();
    queue.attach(receiver);
    queue.enqueue([message({ id: "later", scheduledFor: clock.now() + 20 * TTL_MS })]);
    queue.enqueue([message({ id: "now" })]);
    clock.advance(20 * TTL_MS - 1);
    expect(receiver.ids.at(-1)).toBe("now");
    clock.advance(1);
    const last = receiver.delivered.at(-1)!;
    expect(last).toMatchObject({ id: "later", failedDeliveries: 0 });
    expect(last.stored.expiresAt).toBe(clock.now() + TTL_MS);
  });

  test("a scheduled message can be taken back until it is due", () => {
    const { queue, clock } = testQueue();
    const at = clock.now() + 1000;
    const [first, second] = queue.enqueue([1, 2].map(() => message({ scheduledFor: at })));
    queue.cancelScheduled(first!);
    clock.advance(1000);
    const gone = "com.microsoft:message-not-found";
    expect(conditionOf(() => queue.cancelScheduled(first!))).toBe(gone);
    expect(conditionOf(() => queue.cancelScheduled(second!))).toBe(gone);
    expect([queue.size, queue.stats.cancelled]).toEqual([1, 1]);
  });

  test("stopping a queue leaves no timer", () => {
    const { queue, clock } = testQueue({ maxDeliveryCount: 1 });
    const receiver = new TestReceiver(1);
    queue.attach(receiver);
    queue.enqueue([message(), message(), message({ scheduledFor: clock.now() + 5 })]);
    queue.stop();
    expect(clock.pending).toBe(0);
  });
});

describe("duplicates", () => {
  test("are accepted and dropped within the window, even if the first is gone", () => {
    const { queue, clock } = testQueue({ duplicateWindowMs: 5000 });
    const receiver = new TestReceiver();
    queue.attach(receiver);
    expect(queue.enqueue([message({ id: "a" })])).toEqual([1]);
    queue.settle(receiver.token, { kind: "complete" });
    expect(queue.enqueue([message({ id: "a" }), message({ id: "b" })])).toEqual([2, 3]);
    clock.advance(4999);
    queue.enqueue([message({ id: "a" })]);
    expect(queue.stats.duplicates).toBe(2);
    clock.advance(1);
    queue.enqueue([message({ id: "a" })]);
    expect(receiver.ids.filter((id) => id === "a")).toHaveLength(2);
  });

  test("are not looked for without a window", () => {
    const { queue } = testQueue();
    queue.enqueue([message({ id: "a" }), message({ id: "a" })]);
    expect(queue.size).toBe(2);
  });
});

test("peeking shows every state, and takes nothing", () => {
  const { queue, clock } = testQueue();
  const receiver = new TestReceiver(1);
  queue.attach(receiver);
  queue.enqueue([message({ id: "locked" }), message({ id: "ready" })]);
  queue.enqueue([message({ id: "later", scheduledFor: clock.now() + 1 })]);
  const seen = (from: number, count: number) =>
    queue.peek(from, count).map((stored) => [stored.message.id, stored.state]);
  expect(seen(1, 9)).toEqual([
    ["locked", "active"],
    ["ready", "active"],
    ["later", "scheduled"],
  ]);
  expect(seen(2, 1)).toEqual([["ready", "active"]]);
  expect(queue.size).toBe(3);
});

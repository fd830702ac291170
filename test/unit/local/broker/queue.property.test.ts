import fc from "fast-check";
import type { Lock } from "../../../../local/broker/engine/locks.ts";
import type { StoredMessage } from "../../../../local/broker/engine/message.ts";
import type { Receiver } from "../../../../local/broker/engine/receiver.ts";
import type { Settlement } from "../../../../local/broker/engine/settlement.ts";
import { message, testQueue } from "./engineFixture.ts";

const RULES = { lockMs: 100, timeToLiveMs: 400, duplicateWindowMs: 300, maxDeliveryCount: 3 };

type Step =
  | { readonly do: "send"; readonly id: number; readonly timeToLiveMs: number }
  | { readonly do: "credit"; readonly receiver: number; readonly amount: number }
  | { readonly do: "settle"; readonly which: number; readonly how: Settlement["kind"] }
  | { readonly do: "renew"; readonly which: number }
  | { readonly do: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("send" as const),
    id: fc.nat(12),
    timeToLiveMs: fc.integer({ min: 1, max: 600 }),
  }),
  fc.record({ do: fc.constant("credit" as const), receiver: fc.nat(1), amount: fc.nat(3) }),
  fc.record({
    do: fc.constant("settle" as const),
    which: fc.nat(5),
    how: fc.constantFrom("complete" as const, "abandon" as const, "deadLetter" as const),
  }),
  fc.record({ do: fc.constant("renew" as const), which: fc.nat(5) }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.nat(150) }),
);

interface Fact {
  readonly number: number;
  readonly expiresAt: number;
  failed: number;
  place: "ready" | "locked" | "completed" | "expired" | "dead";
  readySince: number;
  token?: string;
  lockedUntil: number;
}

/** What the rules say about every message, kept apart from the engine. */
class Model {
  readonly facts = new Map<number, Fact>();
  readonly seen = new Map<string, number>();
  duplicates = 0;

  sent(id: string, number: number, now: number, timeToLiveMs: number): void {
    if ((this.seen.get(id) ?? 0) > now) {
      this.duplicates++;
      return;
    }
    this.seen.set(id, now + RULES.duplicateWindowMs);
    const expiresAt = now + Math.min(timeToLiveMs, RULES.timeToLiveMs);
    const times = { expiresAt, readySince: now, lockedUntil: 0 };
    this.facts.set(number, { number, failed: 0, place: "ready", ...times });
  }

  failed(fact: Fact, at: number): void {
    fact.failed++;
    fact.readySince = at;
    fact.place = "ready";
    if (fact.failed >= RULES.maxDeliveryCount) fact.place = "dead";
    else if (fact.expiresAt <= at) fact.place = "expired";
  }

  timeIs(now: number): void {
    for (const fact of this.facts.values()) {
      if (fact.place === "locked" && fact.lockedUntil <= now) this.failed(fact, fact.lockedUntil);
      if (fact.place === "ready" && fact.expiresAt <= now) fact.place = "expired";
    }
  }

  in(place: Fact["place"]): Fact[] {
    return [...this.facts.values()].filter((fact) => fact.place === place);
  }
}

class WatchedReceiver implements Receiver {
  readonly peekLock = true;
  credits = 0;
  private readonly onDelivery: Receiver["deliver"];

  constructor(onDelivery: Receiver["deliver"]) {
    this.onDelivery = onDelivery;
  }

  credit(): number {
    return this.credits;
  }

  deliver(stored: StoredMessage, lock: Lock | undefined): void {
    this.credits--;
    this.onDelivery(stored, lock);
  }

  close(): void {}
}

function run(steps: readonly Step[]): void {
  const { queue, clock } = testQueue(RULES);
  const model = new Model();
  const delivered = (stored: StoredMessage, lock: Lock | undefined): void => {
    const now = clock.now();
    model.timeIs(now);
    const fact = model.facts.get(stored.sequenceNumber);
    expect(fact).toMatchObject({ place: "ready", failed: stored.failedDeliveries });
    const earlier = model.in("ready").filter((other) => other.number < fact!.number);
    expect(earlier.filter((other) => other.readySince < now)).toEqual([]);
    Object.assign(fact!, { place: "locked", token: lock!.token, lockedUntil: now + RULES.lockMs });
  };
  const receivers = [0, 1].map(() => {
    const receiver = new WatchedReceiver(delivered);
    queue.attach(receiver);
    return receiver;
  });

  const take = (each: Step): void => {
    const locked = model.in("locked");
    switch (each.do) {
      case "send": {
        const id = `id${each.id}`;
        // The model has to know before the delivery that may follow at once.
        const number = queue.stats.enqueued + queue.stats.duplicates + 1;
        model.sent(id, number, clock.now(), each.timeToLiveMs);
        const numbers = queue.enqueue([message({ id, timeToLiveMs: each.timeToLiveMs })]);
        expect(numbers).toEqual([number]);
        return;
      }
      case "credit": {
        const receiver = receivers[each.receiver]!;
        receiver.credits = each.amount;
        queue.onCredit(receiver);
        return;
      }
      case "settle": {
        const fact = locked[each.which];
        if (!fact) return;
        if (each.how === "complete") fact.place = "completed";
        else if (each.how === "deadLetter") fact.place = "dead";
        else model.failed(fact, clock.now());
        queue.settle(fact.token!, { kind: each.how });
        return;
      }
      case "renew": {
        const fact = locked[each.which];
        if (!fact) return;
        fact.lockedUntil = clock.now() + RULES.lockMs;
        expect(queue.renewLock(fact.token!)).toBe(fact.lockedUntil);
        return;
      }
      case "wait":
        clock.advance(each.ms);
    }
  };

  for (const each of steps) {
    take(each);
    model.timeIs(clock.now());
    const credit = receivers.some((receiver) => receiver.credits > 0);
    if (credit) expect(model.in("ready")).toEqual([]);
    const visible = queue.peek(1, Number.POSITIVE_INFINITY).map((stored) => stored.sequenceNumber);
    const ready = model.in("ready").map((fact) => fact.number);
    expect(visible).toEqual(expect.arrayContaining(ready));
  }

  clock.advance(10 * RULES.timeToLiveMs);
  model.timeIs(clock.now());
  expect(queue.size).toBe(0);
  expect(queue.stats).toMatchObject({
    enqueued: model.facts.size,
    duplicates: model.duplicates,
    completed: model.in("completed").length,
    expired: model.in("expired").length,
    deadLettered: model.in("dead").length,
  });
  expect(queue.deadLetters!.size).toBe(model.in("dead").length);
}

test("whatever happens, no message is lost or doubled outside the rules", () => {
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), run), { numRuns: 500 });
});

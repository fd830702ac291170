import fc from "fast-check";
import { OnceOnly } from "../../../../agent/inbox/onceOnly.ts";

const delivery = (
  wishes: Partial<{ requestId: string; expires: number; deliveryCount: number }>,
) => ({
  requestId: "r1",
  expires: 110,
  deliveryCount: 0,
  ...wishes,
});

test.each([
  [{}, "execute"],
  [{ deliveryCount: 1 }, "repeated"],
  [{ expires: 100 }, "expired"],
  [{ expires: 99 }, "expired"],
  [{ expires: 99, deliveryCount: 1 }, "repeated"],
])("a request never seen here, delivered as %j: %s", (wishes, admission) => {
  expect(new OnceOnly(() => 100).admit(delivery(wishes))).toBe(admission);
});

test("while it is worked on, another delivery is left alone; afterwards it is a repeat", () => {
  const once = new OnceOnly(() => 100);
  once.admit(delivery({}));
  expect(once.admit(delivery({ deliveryCount: 1 }))).toBe("working");
  expect(once.admit(delivery({}))).toBe("working");
  once.done("r1");
  expect(once.admit(delivery({}))).toBe("repeated");
});

test("a repeat of what this process has not begun may be begun, once", () => {
  const once = new OnceOnly(() => 100);
  expect(once.begin("r1")).toBe(false);
  once.admit(delivery({ deliveryCount: 1 }));
  expect([once.begin("r1"), once.begin("r1")]).toEqual([true, false]);
  expect(once.admit(delivery({ deliveryCount: 2 }))).toBe("working");
  once.done("r1");
  expect([once.admit(delivery({})), once.begin("r1")]).toEqual(["repeated", false]);
});

test("whatever comes in whatever order, no request is executed twice", () => {
  const step = fc.record({
    requestId: fc.constantFrom("a", "b", "c"),
    deliveryCount: fc.integer({ min: 0, max: 2 }),
    passed: fc.integer({ min: 0, max: 200 }),
    done: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let now = 100;
      const once = new OnceOnly(() => now);
      const executed: string[] = [];
      for (const { requestId, deliveryCount, passed, done } of steps) {
        now += passed;
        const admission = once.admit({ requestId, deliveryCount, expires: 110 });
        if (admission === "execute" || (admission === "repeated" && once.begin(requestId)))
          executed.push(requestId);
        if (done) once.done(requestId);
      }
      expect(new Set(executed).size).toBe(executed.length);
    }),
  );
});

test("one with a late expiry, or one still at work, keeps no others", () => {
  let now = 0;
  const once = new OnceOnly(() => now);
  once.admit(delivery({ requestId: "at work", expires: 10 }));
  once.admit(delivery({ requestId: "late", expires: 100_000 }));
  once.done("late");
  for (let second = 0; second < 2_000; second += 1) {
    now = second;
    once.admit(delivery({ requestId: `r${second}`, expires: second + 10 }));
    once.done(`r${second}`);
  }
  expect(once.size).toBeLessThan(400);
  for (const requestId of ["late", "at work"])
    expect(once.admit(delivery({ requestId }))).not.toBe("execute");
});

test("what the bus can no longer deliver is forgotten", () => {
  let now = 0;
  const once = new OnceOnly(() => now);
  for (let second = 0; second < 10_000; second += 1) {
    now = second;
    once.admit(delivery({ requestId: `r${second}`, expires: second + 10 }));
    once.done(`r${second}`);
  }
  expect(once.size).toBeLessThan(400);
});

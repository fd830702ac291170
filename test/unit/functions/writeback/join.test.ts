import type { Operation } from "../../../../functions/records/operation.ts";
import type { Operations } from "../../../../functions/records/operations.ts";
import { join } from "../../../../functions/writeback/join.ts";
import { Running } from "../../../../functions/writeback/running.ts";
import { partsWith } from "../partsWith.ts";
import { AT, callWith, OPERATION_ID, operationWith } from "./call.ts";

const WAIT = 20_000;

/** Joins on a clock that only sleeping moves; `at` says what the table holds at which time. */
function joined(at: (now: number) => Operation | undefined, arrivedAt = AT) {
  const clock = { now: arrivedAt };
  const parts = partsWith({
    running: new Running(),
    totalWait: WAIT,
    now: () => clock.now,
    sleep: async (milliseconds) => {
      clock.now += milliseconds;
    },
    operations: { find: async () => at(clock.now) } as unknown as Operations,
  });
  const result = join(OPERATION_ID, { ...callWith(), arrivedAt }, parts);
  return { result, waited: () => clock.now - arrivedAt };
}

test("an operation that has ended is told at once", async () => {
  const { result, waited } = joined(() => operationWith({ status: "succeeded" }));
  expect((await result).status).toBe("succeeded");
  expect(waited()).toBe(0);
});

test("one that is running elsewhere is waited for", async () => {
  const { result, waited } = joined((now) =>
    operationWith({ status: now < AT + 3_000 ? "running" : "failed", code: "superseded" }),
  );
  expect((await result).code).toBe("superseded");
  expect(waited()).toBe(3_000);
});

test("never for longer than the call itself would have taken", async () => {
  const { result, waited } = joined(() => operationWith());
  expect((await result).status).toBe("running");
  expect(waited()).toBeLessThanOrEqual(WAIT);
  expect(waited()).toBeGreaterThan(WAIT - 1_000);
});

test("one whose own call has given up is not waited for", async () => {
  const { result, waited } = joined(() => operationWith(), AT + WAIT + 1);
  expect((await result).status).toBe("running");
  expect(waited()).toBe(0);
});

test("one that was taken back was never sent", async () => {
  const { result } = joined(() => undefined);
  await expect(result).rejects.toMatchObject({ code: "relayUnavailable", status: 503 });
});

test("one of this instance is waited for without polling, and told as it ends", async () => {
  const running = new Running();
  const operation = Promise.withResolvers<Operation>();
  running.track(OPERATION_ID, operation.promise);
  const result = join(OPERATION_ID, callWith(), partsWith({ running }));
  operation.resolve(operationWith({ status: "succeeded" }));
  expect((await result).status).toBe("succeeded");
  await Promise.resolve();
  expect(running.find(OPERATION_ID)).toBeUndefined();
});

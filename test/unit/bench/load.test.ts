import { load } from "../../bench/load.ts";
import { Timings } from "../../bench/timings.ts";

test("as many at a time as asked for, and no worker has two", async () => {
  const busy = new Set<number>();
  const seen = new Set<string>();
  let most = 0;
  const timings = new Timings();
  await load(
    20,
    4,
    async (worker, turn) => {
      expect(busy.has(worker)).toBe(false);
      busy.add(worker);
      seen.add(`${worker}/${turn}`);
      most = Math.max(most, busy.size);
      await new Promise((resolve) => setImmediate(resolve));
      busy.delete(worker);
    },
    timings,
  );
  expect(most).toBe(4);
  expect(seen.size).toBe(20);
  expect(timings.figures().operations).toBe(16);
});

test("an operation that fails ends the run, and nothing is measured", async () => {
  const timings = new Timings();
  let started = 0;
  const failing = load(
    1_000,
    2,
    async () => {
      started += 1;
      if (started === 3) throw new Error("refused");
      await new Promise((resolve) => setImmediate(resolve));
    },
    timings,
  );
  await expect(failing).rejects.toThrow("refused");
  expect(started).toBeLessThan(10);
  expect(() => timings.figures()).toThrow(RangeError);
});

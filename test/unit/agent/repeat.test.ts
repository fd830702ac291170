import { repeat } from "../../../agent/repeat.ts";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("the next run comes after as many seconds as the last one said", async () => {
  const pauses = [30, 0, 5];
  const runs: number[] = [];
  const stop = repeat(
    async () => {
      runs.push(performance.now());
      return pauses.shift() ?? 60;
    },
    () => 1,
  );
  const begun = performance.now();
  await jest.advanceTimersByTimeAsync(36_000);
  stop();
  expect(runs.map((at) => Math.round((at - begun) / 1_000))).toEqual([0, 30, 30, 35]);
});

test("a run that throws, at once or later, does not end it", async () => {
  let runs = 0;
  const thrown: unknown[] = [];
  const stop = repeat(
    async () => {
      runs += 1;
      if (runs === 2) await Promise.resolve();
      if (runs < 3) throw new Error(`run ${runs}`);
      return 30;
    },
    (error) => thrown.push(error),
  );
  await jest.advanceTimersByTimeAsync(10_000);
  stop();
  expect([runs, thrown.map(String)]).toEqual([3, ["Error: run 1", "Error: run 2"]]);
});

test("stopped while waiting or while a run is at work: no other one comes", async () => {
  let runs = 0;
  let end: (seconds: number) => void = () => {};
  const stop = repeat(
    () => {
      runs += 1;
      return new Promise((resolve) => {
        end = resolve;
      });
    },
    () => 1,
  );
  stop();
  end(0);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(runs).toBe(1);
  expect(jest.getTimerCount()).toBe(0);
});

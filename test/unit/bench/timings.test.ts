import { percentile, Timings } from "../../bench/timings.ts";

test("percentiles are of the values themselves, by nearest rank", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(values, 50)).toBe(50);
  expect(percentile(values, 99)).toBe(99);
  expect(percentile(values, 100)).toBe(100);
  expect(percentile([3, 1, 2], 50)).toBe(2);
  expect(percentile([7], 99)).toBe(7);
  expect(() => percentile([], 50)).toThrow(RangeError);
});

test("the rate is that of all runs together, not a mean of rates", () => {
  const timings = new Timings();
  timings.add([1, 1, 1], 100);
  timings.add([5], 300);
  expect(timings.figures()).toEqual({ operations: 4, p50: 1, p99: 5, perSecond: 10 });
});

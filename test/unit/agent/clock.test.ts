import fc from "fast-check";
import { Clock } from "../../../agent/clock.ts";

/** Two clocks in the test's hand, in milliseconds. */
function sources(wall = 1_000_000_000_000, steady = 5_000) {
  const at = { wall, steady };
  return {
    at,
    pass: (milliseconds: number) => {
      at.wall += milliseconds;
      at.steady += milliseconds;
    },
    clock: new Clock({ wall: () => at.wall, steady: () => at.steady }),
  };
}

test("before the cloud has told the time, the machine's own counts", () => {
  const { clock } = sources(1_000_000);
  expect(clock.now()).toBe(1_000);
  expect(clock.agreed()).toBeUndefined();
});

test("afterwards the cloud's does, the whole way there and back allowed for", () => {
  const { clock, pass } = sources(1_000_000);
  expect(clock.correct(2_000, 4)).toBe(1_000 - 2_004);
  pass(10_000);
  expect(clock.now()).toBe(2_014);
  expect(clock.agreed()).toBe(2_014);
  expect(clock.millisecondsUntil(2_015)).toBe(1_000);
});

test("however long an answer took on either way, the clock is not behind the cloud's", () => {
  const way = fc.integer({ min: 0, max: 10_000 });
  fc.assert(
    fc.property(way, way, (there, back) => {
      const { clock, pass } = sources();
      const cloudAtStart = 2_000;
      pass(there + back);
      clock.correct(cloudAtStart + there / 1_000, (there + back) / 1_000);
      const cloudNow = cloudAtStart + (there + back) / 1_000;
      expect(clock.now()).toBeGreaterThanOrEqual(cloudNow - 1e-6);
    }),
  );
});

test("a moment far away is told as one that a timer can take", () => {
  const { clock } = sources(1_000_000);
  expect(clock.millisecondsUntil(Number.MAX_SAFE_INTEGER)).toBe(86_400_000);
  expect(clock.millisecondsUntil(999)).toBe(-1_000);
});

test("however the machine's clock jumps, time never runs late", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1e7, max: 1e7 }),
      fc.integer({ min: 0, max: 1e7 }),
      (jump, passed) => {
        const { clock, at, pass } = sources();
        clock.correct(2_000, 0);
        pass(passed);
        at.wall += jump;
        expect(clock.now()).toBeGreaterThanOrEqual(2_000 + passed / 1_000 - 1e-6);
      },
    ),
  );
});

test("a sleep that only the calendar's clock saw counts as time passed", () => {
  const { clock, at } = sources();
  clock.correct(2_000, 0);
  at.wall += 3_600_000;
  expect(clock.now()).toBe(5_600);
  expect(clock.agreed()).toBeUndefined();
});

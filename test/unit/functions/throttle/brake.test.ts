import { ApiError } from "../../../../functions/http/apiError.ts";
import type { LogFields } from "../../../../functions/log.ts";
import type { BrakeRows } from "../../../../functions/records/brakeRows.ts";
import { Brake } from "../../../../functions/throttle/brake.ts";

const MINUTE = 60_000;

/** Instances that share their rows and one clock. */
class Fleet {
  now = 1_800_000_000_000;
  readonly logged: (LogFields & { event: string })[] = [];
  private readonly told = new Map<string, { resets: number; until: number }>();
  private stopped = 0;
  calls = 0;
  broken = false;
  /** Whether the row that stops writes cannot be written. */
  cutOff = false;

  instance(perMinute: number, stops = false): Brake {
    const write = (event: string, fields: LogFields) => void this.logged.push({ event, ...fields });
    const rows: Pick<BrakeRows, keyof BrakeRows> = {
      tell: async (instance, resets, until) => {
        this.calls += 1;
        if (this.broken) throw new ApiError("recordsUnavailable", { cause: new TypeError("x") });
        this.told.set(instance, { resets, until });
      },
      others: async (instance, now) => {
        this.calls += 1;
        return [...this.told]
          .filter(([name, { until }]) => name !== instance && until > now)
          .reduce((sum, [, { resets }]) => sum + resets, 0);
      },
      stop: async (until) => {
        if (this.cutOff) throw new ApiError("recordsUnavailable");
        this.stopped = until;
      },
      stoppedUntil: async () => this.stopped,
    };
    return new Brake(rows as BrakeRows, { perMinute, stops }, () => this.now, {
      info: write,
      error: write,
    });
  }

  get alerts() {
    return this.logged.filter(({ event }) => event === "brakeReached");
  }
}

const times = (count: number, what: () => void) => {
  for (let made = 0; made < count; made += 1) what();
};
const codeOf = (brake: Brake, told: number) => {
  try {
    brake.check(told);
    return undefined;
  } catch (error) {
    return (error as ApiError).code;
  }
};

test("one more than usual in a minute raises an alert, once a minute; writes go on", () => {
  const fleet = new Fleet();
  const brake = fleet.instance(10);
  times(10, () => brake.count());
  expect(fleet.alerts).toEqual([]);
  times(50, () => brake.count());
  expect(fleet.alerts).toEqual([{ event: "brakeReached", resets: 11, limit: 10, status: "open" }]);
  expect(codeOf(brake, 0)).toBeUndefined();
  fleet.now += MINUTE - 1;
  brake.count();
  expect(fleet.alerts).toHaveLength(1);
  fleet.now += 1;
  times(11, () => brake.count());
  expect(fleet.alerts).toHaveLength(2);
});

test("as many, spread over more than a minute, raise none", () => {
  const fleet = new Fleet();
  const brake = fleet.instance(10);
  times(100, () => {
    brake.count();
    fleet.now += MINUTE / 9;
  });
  expect(fleet.alerts).toEqual([]);
});

test("instances hear of each other", async () => {
  const fleet = new Fleet();
  const instances = [fleet.instance(10), fleet.instance(10), fleet.instance(10)];
  for (const brake of instances) times(4, () => brake.count());
  expect(fleet.alerts).toEqual([]);
  for (const brake of instances) await brake.talk();
  expect(fleet.alerts).toEqual([{ event: "brakeReached", resets: 12, limit: 10, status: "open" }]);
});

test("what an instance told before it ended is soon forgotten", async () => {
  const fleet = new Fleet();
  const [one, two] = [fleet.instance(10), fleet.instance(10)];
  times(6, () => one.count());
  await one.talk();
  fleet.now += 13_000;
  times(6, () => two.count());
  await two.talk();
  expect(fleet.alerts).toEqual([]);
});

test("an instance with little to tell costs no call", async () => {
  const fleet = new Fleet();
  const brake = fleet.instance(100);
  await brake.talk();
  times(9, () => brake.count());
  await brake.talk();
  expect(fleet.calls).toBe(0);
  brake.count();
  await brake.talk();
  expect(fleet.calls).toBe(2);
});

test("where it stops writes, none is let through for a minute, at any instance", async () => {
  const fleet = new Fleet();
  const [one, two] = [fleet.instance(10, true), fleet.instance(10, true)];
  times(11, () => one.count());
  expect(fleet.alerts).toMatchObject([{ status: "stopped" }]);
  expect(codeOf(one, 0)).toBe("writesStopped");
  const told = await two.stoppedUntil();
  expect(() => two.check(told)).toThrow(
    expect.objectContaining({ code: "writesStopped", headers: { "Retry-After": "60" } }),
  );
  // The row says it, at either: who deletes it lets both go on.
  expect([codeOf(one, told), codeOf(one, 0)]).toEqual(["writesStopped", undefined]);
  fleet.now += MINUTE;
  expect([codeOf(one, told), codeOf(two, told)]).toEqual([undefined, undefined]);
  times(10, () => one.count());
  expect(fleet.alerts).toHaveLength(1);
  one.count();
  expect(fleet.alerts).toHaveLength(2);
});

test("an instance that cannot tell the others stops at least itself", async () => {
  const fleet = new Fleet();
  const brake = fleet.instance(10, true);
  fleet.cutOff = true;
  times(11, () => brake.count());
  const told = await brake.stoppedUntil();
  expect([told, codeOf(brake, told)]).toEqual([0, "writesStopped"]);
  fleet.now += MINUTE;
  expect(codeOf(brake, told)).toBeUndefined();
});

test("tables that fail are said, not thrown", async () => {
  const fleet = new Fleet();
  const brake = fleet.instance(10);
  times(5, () => brake.count());
  fleet.broken = true;
  await brake.talk();
  expect(fleet.logged).toEqual([{ event: "brakeNotTold", cause: "TypeError" }]);
});

import fc from "fast-check";
import type { Consequence } from "../../../../functions/throttle/consequence.ts";
import {
  afterwards,
  barredUntil,
  type Counters,
  forgottenAt,
  isEmpty,
  type Kind,
  NONE,
  withAttempt,
} from "../../../../functions/throttle/counters.ts";
import type { Limits } from "../../../../functions/throttle/limits.ts";
import type { Lockout } from "../../../../functions/throttle/lockout.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = 1_800_000_000_000;
const LIMITS: Limits = {
  resets: 5,
  policyRefusals: 3,
  wrongPasswords: 5,
  window: HOUR,
  block: DAY,
};

/** One person, one clock. */
class Person {
  counters: Counters = NONE;
  at = START;
  private made = 0;

  /** Makes an attempt that ends at once. @returns whether it was let through */
  try(kind: Kind, consequence: Consequence, told: Lockout = {}): boolean {
    if (this.barred(kind) !== undefined) return false;
    this.made += 1;
    const id = String(this.made);
    this.counters = withAttempt(this.counters, kind, { id, at: this.at }, LIMITS);
    this.counters = afterwards(this.counters, kind, { id, createdAt: this.at }, consequence, told);
    return true;
  }

  /** Milliseconds until an attempt may be made again. */
  barred(kind: Kind): number | undefined {
    const until = barredUntil(this.counters, kind, LIMITS, this.at);
    return until === undefined ? undefined : until - this.at;
  }

  passed(kind: Kind, consequence: Consequence, times: number, told: Lockout = {}): number {
    return Array.from({ length: times }, () => this.try(kind, consequence, told)).filter(Boolean)
      .length;
  }
}

describe("resets", () => {
  test("five in an hour, then none for a day, then five again", () => {
    const person = new Person();
    expect(person.passed("reset", "counts", 10)).toBe(5);
    expect(person.barred("reset")).toBe(DAY);
    person.at += DAY - 1;
    expect(person.barred("reset")).toBe(1);
    person.at += 1;
    expect(person.passed("reset", "counts", 10)).toBe(5);
  });

  test("the window slides: four, and one each quarter of an hour, never block", () => {
    const person = new Person();
    for (let attempt = 0; attempt < 40; attempt += 1) {
      expect(person.try("reset", "counts")).toBe(true);
      person.at += HOUR / 4;
    }
  });

  test("a success clears", () => {
    const person = new Person();
    expect(person.passed("reset", "counts", 4)).toBe(4);
    expect(person.try("reset", "clears")).toBe(true);
    expect(isEmpty(person.counters)).toBe(true);
    expect(person.passed("reset", "counts", 10)).toBe(5);
  });

  test("what did not reach anybody never counts", () => {
    const person = new Person();
    expect(person.passed("reset", "forgotten", 50)).toBe(50);
    expect(isEmpty(person.counters)).toBe(true);
  });

  test("they do not bar changes, nor wrong passwords resets", () => {
    const person = new Person();
    expect(person.passed("reset", "counts", 5)).toBe(5);
    expect(person.passed("change", "counts", 9, { threshold: 4, window: HOUR })).toBe(3);
    expect(person.barred("reset")).toBe(DAY);
    const other = new Person();
    expect(other.passed("change", "counts", 9)).toBe(2);
    expect(other.barred("reset")).toBeUndefined();
  });

  test("a change meanwhile does not shorten the day", () => {
    const person = new Person();
    person.passed("reset", "counts", 5);
    person.at += 2 * HOUR;
    expect(person.try("change", "forgotten")).toBe(true);
    expect(person.barred("reset")).toBe(DAY - 2 * HOUR);
  });
});

describe("refusals by the policy", () => {
  test("are counted apart, for resets and changes together, and slide", () => {
    const person = new Person();
    expect(person.try("reset", "refused")).toBe(true);
    person.at += 10 * MINUTE;
    expect(person.try("change", "refused")).toBe(true);
    expect(person.try("reset", "refused")).toBe(true);
    expect(person.barred("reset")).toBe(50 * MINUTE);
    expect(person.barred("change")).toBe(50 * MINUTE);
    person.at += 50 * MINUTE;
    expect(person.passed("reset", "refused", 5)).toBe(1);
    expect(person.counters.resets).toEqual([]);
  });
});

describe("wrong current passwords", () => {
  test.each<[string, Lockout, number]>([
    ["below a threshold", { threshold: 4, window: HOUR }, 3],
    ["no more than configured below a high one", { threshold: 50, window: HOUR }, 5],
    ["as configured where nothing is ever locked", { threshold: 0 }, 5],
    ["few where the threshold may not be read", {}, 2],
    ["one where two lock", { threshold: 2, window: HOUR }, 1],
    ["one where the first locks: none could be changed otherwise", { threshold: 1 }, 1],
  ])("%s", (_, told, expected) => {
    const person = new Person();
    expect(person.passed("change", "counts", 20, told)).toBe(expected);
  });

  test("all count until the directory has forgotten them: a while after the last one", () => {
    const person = new Person();
    const told = { threshold: 4, window: 30 * MINUTE };
    for (const _ of "123") {
      expect(person.try("change", "counts", told)).toBe(true);
      person.at += 29 * MINUTE;
    }
    // The first was an hour and a half ago, and the directory still counts it.
    expect(person.barred("change")).toBe(3 * MINUTE);
    person.at += 3 * MINUTE;
    expect(person.passed("change", "counts", 9, told)).toBe(3);
  });

  test("a change that succeeds leaves them, a reset or an unlock does not", () => {
    const told = { threshold: 4, window: HOUR };
    const person = new Person();
    expect(person.passed("change", "counts", 2, told)).toBe(2);
    expect(person.try("change", "clears")).toBe(true);
    expect(person.passed("change", "counts", 9, told)).toBe(1);
    expect(person.try("reset", "clears")).toBe(true);
    expect(person.passed("change", "counts", 9, told)).toBe(3);
  });

  test("a reset that is heard of late forgets those from before it only", () => {
    const told = { threshold: 6, window: HOUR };
    const person = new Person();
    expect(person.passed("change", "counts", 2, told)).toBe(2);
    const late = { id: "late", createdAt: person.at + 1 };
    person.at += MINUTE;
    expect(person.passed("change", "counts", 2, told)).toBe(2);
    person.counters = afterwards(person.counters, "reset", late, "clears", {});
    expect(person.counters.guesses.map(({ at }) => at)).toEqual([person.at, person.at]);
    expect(person.passed("change", "counts", 9, told)).toBe(3);
  });

  test("a threshold that was lowered meanwhile counts from the next outcome on", () => {
    const person = new Person();
    expect(person.passed("change", "counts", 2, { threshold: 10, window: HOUR })).toBe(2);
    expect(person.passed("change", "counts", 9, { threshold: 3, window: HOUR })).toBe(1);
  });
});

/** A directory that counts wrong passwords as Active Directory does (MS-SAMR 3.1.5.14.6). */
class Directory {
  private wrong = 0;
  private last = Number.NEGATIVE_INFINITY;
  locked = false;
  private readonly rule: Required<Lockout>;

  constructor(rule: Required<Lockout>) {
    this.rule = rule;
  }

  guess(at: number): void {
    this.wrong = at < this.last + this.rule.window ? this.wrong + 1 : 1;
    this.last = at;
    if (this.wrong >= this.rule.threshold) this.locked = true;
  }

  forget(): void {
    this.wrong = 0;
  }
}

test("whatever is tried, and whenever, no directory locks the account", () => {
  const step = fc.record({
    wait: fc.oneof(fc.nat(5 * MINUTE), fc.nat(2 * HOUR), fc.nat(2 * DAY)),
    /** Milliseconds from an attempt's being counted to its reaching the directory. */
    road: fc.nat(60_000),
    tried: fc.constantFrom("guess", "guess", "guess", "guess", "silent", "right", "reset"),
  });
  const rules = fc.record({
    threshold: fc.integer({ min: 3, max: 20 }),
    window: fc.integer({ min: 1, max: 1_440 }).map((minutes) => minutes * MINUTE),
  });
  fc.assert(
    fc.property(rules, fc.array(step, { minLength: 20, maxLength: 120 }), (rule, steps) => {
      const [person, directory] = [new Person(), new Directory(rule)];
      for (const { wait, road, tried } of steps) {
        person.at += wait;
        const at = person.at + road;
        if (tried === "reset") {
          if (person.try("reset", "clears")) directory.forget();
        } else if (tried === "right") person.try("change", "clears", rule);
        // Of a silent one nobody learns how it ended, nor what the rules are.
        else if (person.try("change", "counts", tried === "silent" ? {} : rule))
          directory.guess(at);
        if (directory.locked) return false;
        person.at += road;
      }
      return true;
    }),
    { numRuns: 500 },
  );
});

test("an outcome that says nothing new changes nothing, and is not written", () => {
  const counted = withAttempt(NONE, "reset", { id: "1", at: START }, LIMITS);
  const another = { id: "another", createdAt: START };
  expect(afterwards(counted, "reset", { id: "1", createdAt: START }, "counts", {})).toBe(counted);
  expect(afterwards(counted, "reset", another, "forgotten", {})).toBe(counted);
  expect(afterwards(counted, "reset", another, "refused", {})).toBe(counted);
});

test("a row may go when nothing in it counts any more", () => {
  const person = new Person();
  person.try("change", "counts", { threshold: 3, window: 40 * DAY });
  expect(forgottenAt(person.counters, LIMITS)).toBe(START + 40 * DAY + 2 * MINUTE);
  person.try("reset", "clears");
  person.try("reset", "counts");
  expect(forgottenAt(person.counters, LIMITS)).toBe(START + DAY);
  const other = new Person();
  other.try("reset", "refused");
  expect(forgottenAt(other.counters, LIMITS)).toBe(START + HOUR);
});

import { RulesCache } from "../../../../functions/writeback/rulesCache.ts";
import type { PasswordRules } from "../../../../protocol/passwordRules.ts";

const RULES = { minimumLength: 8 };

function cacheAt(start: number, most?: number) {
  const clock = { now: start };
  return { clock, cache: new RulesCache(() => clock.now, most) };
}

test("kept for half a minute from when they were asked for", () => {
  const { clock, cache } = cacheAt(1_000_000);
  cache.keep("a", "account", RULES, 999_000);
  clock.now = 1_028_999;
  expect(cache.find("a", "account")).toBe(RULES);
  clock.now = 1_029_000;
  expect([cache.find("a", "account"), cache.size]).toEqual([undefined, 0]);
});

test("a clock that was set back makes nothing live longer", () => {
  const { clock, cache } = cacheAt(1_000_000);
  cache.keep("a", "account", RULES, 1_000_000);
  clock.now = 999_999;
  expect(cache.find("a", "account")).toBeUndefined();
});

test("nobody is told what was read of another person, of another account, for another asker", () => {
  const { cache } = cacheAt(0);
  cache.keep("a", "self|corp|anchor", RULES, 0);
  expect(cache.find("b", "self|corp|anchor")).toBeUndefined();
  expect(cache.find("a", "admin|corp|anchor")).toBeUndefined();
  expect(cache.find("a", "self|corp|anchor")).toBe(RULES);
});

test("what a write may have changed is forgotten", () => {
  const { cache } = cacheAt(0);
  for (const person of ["a", "b"]) cache.keep(person, "account", RULES, 0);
  cache.forget("a");
  expect([cache.find("a", "account"), cache.find("b", "account")]).toEqual([undefined, RULES]);
});

test("what was being read while it was written is not kept, the next look is", () => {
  const { clock, cache } = cacheAt(1_000);
  cache.forget("a");
  cache.keep("a", "account", RULES, 999);
  expect(cache.find("a", "account")).toBeUndefined();
  clock.now = 1_001;
  cache.keep("a", "account", RULES, 1_001);
  expect(cache.find("a", "account")).toBe(RULES);
});

test("the oldest gives way when it is full, and a new look counts as new", () => {
  const { cache } = cacheAt(0, 3);
  for (const person of ["a", "b", "c", "a", "d"]) cache.keep(person, "account", RULES, 0);
  const kept = ["a", "b", "c", "d"].filter((person) => cache.find(person, "account"));
  expect([kept, cache.size]).toEqual([["a", "c", "d"], 3]);
});

describe("a question that is under way", () => {
  function asking() {
    const cache = new RulesCache(() => 0);
    const asked: PromiseWithResolvers<PasswordRules>[] = [];
    const read = (account = "account") =>
      cache.read("alex", account, () => {
        const question = Promise.withResolvers<PasswordRules>();
        asked.push(question);
        return question.promise;
      });
    return { cache, asked, read };
  }
  const EIGHT: PasswordRules = { minimumLength: 8 };

  test("is not asked again for who wants to know the same, and remembered", async () => {
    const { asked, read } = asking();
    const answers = [read(), read(), read()];
    asked[0]?.resolve(EIGHT);
    expect(await Promise.all(answers)).toEqual([EIGHT, EIGHT, EIGHT]);
    expect(await read()).toEqual(EIGHT);
    expect(asked).toHaveLength(1);
  });

  test("answers nobody who asks for another account, or after a write", async () => {
    const { cache, asked, read } = asking();
    const answers = [read(), read("other")];
    cache.forget("alex");
    answers.push(read("other"));
    for (const [at, question] of asked.entries()) question.resolve({ minimumLength: at });
    expect(await Promise.all(answers)).toEqual(
      [0, 1, 2].map((minimumLength) => ({ minimumLength })),
    );
  });

  test("that failed has failed for those who waited, and the next one is asked", async () => {
    const { asked, read } = asking();
    const answers = [read(), read()];
    const reason = new Error("silent");
    asked[0]?.reject(reason);
    const failure = { status: "rejected", reason };
    expect(await Promise.allSettled(answers)).toEqual([failure, failure]);
    const next = read();
    asked[1]?.resolve(EIGHT);
    expect(await next).toEqual(EIGHT);
  });
});

import fc from "fast-check";
import { type Attempt, explain } from "../../../../agent/directory/explain.ts";
import { UNKNOWN_POLICY } from "../../../../agent/directory/policy.ts";
import { violations } from "../../../../protocol/violation.ts";

const MINUTE = 600_000_000n;
const DAY = 1_440n * MINUTE;
/** 2026-01-02T03:04:05Z as a FILETIME. */
const NOW = 134_117_966_450_000_000n;
const GOOD = "Green-Lantern-52";
const HISTORY = { code: "inHistory", remembered: 5 };
const FILTERED = { code: "filtered" };
const SHORT = { code: "tooShort", minimum: 8 };
const SOON = { code: "tooSoon", earliest: "2026-01-03T02:04:05.000Z" };
const NAME = { code: "containsName" };
const SAME = { code: "sameAsCurrent" };
const UNKNOWN = { code: "unknown" };
const simple = (...missing: string[]) => ({ code: "notComplex", missing });

const POLICY = {
  minimumLength: 8,
  complexity: true,
  historyLength: 5,
  minimumAge: 0n,
  lockoutThreshold: 5,
  lockoutWindow: 18_000_000_000n,
};
const ACCOUNT = {
  pwdLastSet: NOW - 60n * MINUTE,
  accountName: "alex",
  displayName: "Moreau, Alexandre-Guy (IT) #Ops",
  passwordNotRequired: false,
};

interface Wish extends Partial<Omit<Attempt, "policy" | "account">> {
  policy?: Partial<Attempt["policy"]>;
  account?: Partial<Attempt["account"]>;
}
const attempt = ({ policy, account, ...rest }: Wish): Attempt => ({
  newPassword: GOOD,
  policyEnforced: true,
  checksNames: true,
  now: NOW,
  ...rest,
  policy: { ...POLICY, ...policy },
  account: { ...ACCOUNT, ...account },
});

test.each<[string, Wish, object[]]>([
  ["five letters", { newPassword: "Ab-1e" }, [SHORT]],
  ["five small letters", { newPassword: "abcde" }, [SHORT, simple("uppercase", "digit", "symbol")]],
  ["one unit short", { newPassword: "Ab-1efg" }, [SHORT]],
  ["just long enough", { newPassword: "Ab-1efgh" }, [HISTORY]],
  ["an emoji is two units", { newPassword: "Ab-1ef😀" }, [HISTORY]],
  ["two classes", { newPassword: "onlylowercase1" }, [simple("uppercase", "symbol")]],
  ["a space is no symbol", { newPassword: "only lowercase 1" }, [simple("uppercase", "symbol")]],
  ["two classes and one that is not ASCII", { newPassword: "passwörter-" }, [UNKNOWN]],
  ["three classes beside what is not ASCII", { newPassword: "Passwörter-" }, [HISTORY]],
  ["no complexity", { newPassword: "onlylowercase", policy: { complexity: false } }, [HISTORY]],
  ["the account's name", { newPassword: "My-ALEX-name" }, [NAME]],
  ["a part of the display name", { newPassword: "Pass-moreau-1" }, [NAME]],
  ["a part in brackets", { newPassword: "Xy-(it)-12345" }, [NAME]],
  ["two letters are no part", { newPassword: "Xy-it-123456" }, [HISTORY]],
  [
    "a name without complexity",
    { newPassword: "My-alex-1", policy: { complexity: false } },
    [HISTORY],
  ],
  ["a name on Samba", { newPassword: "My-ALEX-name", checksNames: false }, [HISTORY]],
  ["a name that may not be read", { account: { accountName: undefined } }, [UNKNOWN]],
  ["no display name", { account: { displayName: undefined } }, [HISTORY]],
  ["an hour after the last one", { policy: { minimumAge: DAY } }, [SOON]],
  [
    "an hour after, without policy",
    { policy: { minimumAge: DAY }, policyEnforced: false },
    [FILTERED],
  ],
  ["must change", { policy: { minimumAge: DAY }, account: { pwdLastSet: 0n } }, [HISTORY]],
  ["old enough", { policy: { minimumAge: 59n * MINUTE } }, [HISTORY]],
  ["old enough by less than the clock tells", { policy: { minimumAge: 60n * MINUTE } }, [UNKNOWN]],
  ["no clock", { policy: { minimumAge: DAY }, now: undefined }, [UNKNOWN]],
  ["no clock needed", { now: undefined }, [HISTORY]],
  [
    "age may not be read",
    { policy: { minimumAge: DAY }, account: { pwdLastSet: undefined } },
    [UNKNOWN],
  ],
  ["never again", { policy: { minimumAge: 1n << 63n } }, [UNKNOWN]],
  ["the current one", { currentPassword: GOOD }, [SAME]],
  [
    "the current one, no history",
    { currentPassword: GOOD, policy: { historyLength: 0 } },
    [FILTERED],
  ],
  ["nothing else is left", {}, [HISTORY]],
  ["no history", { policy: { historyLength: 0 } }, [FILTERED]],
  ["history does not count", { policyEnforced: false }, [FILTERED]],
  ["history unknown", { policy: { historyLength: undefined } }, [UNKNOWN]],
  ["length unknown", { policy: { minimumLength: undefined } }, [UNKNOWN]],
  [
    "length unknown, but too simple",
    { newPassword: "a", policy: { minimumLength: undefined } },
    [simple("uppercase", "digit", "symbol")],
  ],
  [
    "complexity unknown",
    { newPassword: "onlylowercase", policy: { complexity: undefined } },
    [UNKNOWN],
  ],
  ["nothing readable", { newPassword: "a", policy: UNKNOWN_POLICY }, [UNKNOWN]],
  ["nothing readable, the current one", { currentPassword: GOOD, policy: UNKNOWN_POLICY }, [SAME]],
  [
    "no password required",
    { newPassword: "Ab-1", account: { passwordNotRequired: true } },
    [FILTERED],
  ],
  [
    "a filter is in place",
    { passwordFilter: {} },
    [
      { ...HISTORY, possibly: true },
      { ...FILTERED, possibly: true },
    ],
  ],
  [
    "a filter, and no history",
    { passwordFilter: { helpText: "No seasons." }, policyEnforced: false },
    [{ ...FILTERED, helpText: "No seasons." }],
  ],
  ["a filter, but too short", { newPassword: "Ab-1", passwordFilter: {} }, [SHORT]],
  [
    "all at once",
    { newPassword: "alex", currentPassword: "alex", policy: { minimumAge: DAY } },
    [SHORT, simple("uppercase", "digit", "symbol"), NAME, SOON, SAME],
  ],
])("%s", (_, wish, expected) => {
  expect(explain(attempt(wish))).toEqual(expected);
});

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const attempts: fc.Arbitrary<Attempt> = fc.record({
  newPassword: fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme-ascii" })),
  currentPassword: maybe(fc.string()),
  policyEnforced: fc.boolean(),
  checksNames: fc.boolean(),
  now: maybe(fc.bigInt({ min: 0n, max: 1n << 63n })),
  passwordFilter: maybe(
    fc.record({ helpText: maybe(fc.string({ minLength: 1, maxLength: 500 })) }),
  ),
  policy: fc.record({
    minimumLength: maybe(fc.nat(1_024)),
    complexity: maybe(fc.boolean()),
    historyLength: maybe(fc.nat(1_024)),
    minimumAge: maybe(fc.bigInt({ min: 0n, max: 1n << 63n })),
    lockoutThreshold: maybe(fc.nat(1_024)),
    lockoutWindow: maybe(fc.bigInt({ min: 0n, max: 1n << 63n })),
  }),
  account: fc.record({
    pwdLastSet: maybe(fc.bigInt({ min: -(1n << 63n), max: 1n << 63n })),
    accountName: maybe(fc.string()),
    displayName: maybe(fc.string()),
    passwordNotRequired: fc.boolean(),
  }),
});

test("whatever was read, the answer can be sent as it is, and never says what was typed", () => {
  fc.assert(
    fc.property(attempts, (given) => {
      const found = explain(given);
      expect(violations.parse(found)).toEqual(found);
      const codes = found.map(({ code }) => code);
      expect(new Set(codes).size).toBe(codes.length);
      if (codes.includes("unknown")) expect(codes).toEqual(["unknown"]);
    }),
    { numRuns: 500 },
  );
});

test("history is blamed only where it counts and everything else is known to be kept", () => {
  fc.assert(
    fc.property(attempts, (given) => {
      if (!explain(given).some(({ code }) => code === "inHistory")) return;
      const { policy, policyEnforced, newPassword } = given;
      expect(policyEnforced).toBe(true);
      expect(policy.historyLength).toBeGreaterThan(0);
      expect(policy.minimumLength ?? Number.NaN).toBeLessThanOrEqual(newPassword.length);
      expect(policy.minimumAge).toBeDefined();
    }),
    { numRuns: 500 },
  );
});

test("what cannot be read is never explained with a number", () => {
  fc.assert(
    fc.property(attempts, (given) => {
      for (const each of explain({ ...given, policy: UNKNOWN_POLICY }))
        expect(["unknown", "sameAsCurrent", "filtered"]).toContain(each.code);
    }),
  );
});

test.each<[string, Wish, Parameters<typeof explain>[1], object[]]>([
  ["short", {}, { rule: "tooShort", minimum: 24 }, [{ code: "tooShort", minimum: 24 }]],
  [
    "short, and broken otherwise",
    { newPassword: "abcde" },
    { rule: "tooShort", minimum: 24 },
    [{ code: "tooShort", minimum: 24 }, simple("uppercase", "digit", "symbol")],
  ],
  [
    "not complex",
    { newPassword: "passwörter" },
    { rule: "notComplex" },
    [simple("uppercase", "digit", "symbol")],
  ],
  ["in history", {}, { rule: "inHistory" }, [HISTORY]],
  ["in history, with a filter in place", { passwordFilter: {} }, { rule: "inHistory" }, [HISTORY]],
  [
    "in history, how long is not known",
    { policy: UNKNOWN_POLICY },
    { rule: "inHistory" },
    [UNKNOWN],
  ],
  ["the same, in a change", { currentPassword: GOOD }, { rule: "sameAsCurrent" }, [SAME]],
  ["the same, in a reset", {}, { rule: "sameAsCurrent" }, [HISTORY]],
  [
    "too soon, by a clock that says otherwise",
    { policy: { minimumAge: DAY }, now: NOW + 2n * DAY },
    { rule: "tooSoon" },
    [SOON],
  ],
  ["too soon, how old is not known", { policy: UNKNOWN_POLICY }, { rule: "tooSoon" }, [UNKNOWN]],
  ["a missing right is no rule", {}, { lacks: "Unexpire-Password" }, [HISTORY]],
])("the directory says: %s", (_, wish, told, expected) => {
  expect(explain(attempt(wish), told)).toEqual(expected);
});

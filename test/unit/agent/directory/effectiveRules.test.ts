import fc from "fast-check";
import { effectiveRules, type Read } from "../../../../agent/directory/effectiveRules.ts";
import { explain } from "../../../../agent/directory/explain.ts";
import { UNKNOWN_POLICY } from "../../../../agent/directory/policy.ts";
import { passwordRules } from "../../../../protocol/passwordRules.ts";

const HOUR = 36_000_000_000n;
const DAY = 24n * HOUR;
/** 2026-01-02T03:04:05Z as a FILETIME. */
const NOW = 134_117_966_450_000_000n;
const NOW_TEXT = "2026-01-02T03:04:05.000Z";

interface Wish extends Partial<Omit<Read, "policy" | "account">> {
  policy?: Partial<Read["policy"]>;
  account?: Partial<Read["account"]>;
}
const read = ({ policy, account, ...rest }: Wish = {}): Read => ({
  checksNames: true,
  lengthCountsForAll: false,
  now: NOW,
  resetAllowed: true,
  enforcedOnReset: false,
  ...rest,
  policy: {
    minimumLength: 8,
    complexity: true,
    historyLength: 5,
    minimumAge: DAY,
    lockoutThreshold: 5,
    lockoutWindow: 18_000_000_000n,
    ...policy,
  },
  account: { pwdLastSet: NOW - HOUR, locked: false, passwordNotRequired: false, ...account },
});

test("everything that was read", () => {
  expect(effectiveRules(read())).toEqual({
    minimumLength: 8,
    complexity: true,
    namesRefused: true,
    historyLength: 5,
    minimumAgeSeconds: 86_400,
    changeAllowedFrom: "2026-01-03T02:04:05.000Z",
    resetAllowed: true,
    enforcedOnReset: false,
    locked: false,
    passwordFilter: undefined,
  });
});

test.each<[string, Wish, object]>([
  ["settings that may not be read", { policy: UNKNOWN_POLICY }, { minimumLength: undefined }],
  ["and its complexity", { policy: UNKNOWN_POLICY }, { complexity: undefined }],
  ["nor whether names count", { policy: UNKNOWN_POLICY }, { namesRefused: undefined }],
  ["nor the time", { policy: UNKNOWN_POLICY }, { changeAllowedFrom: undefined }],
  ["nor the age", { policy: UNKNOWN_POLICY }, { minimumAgeSeconds: undefined }],
  ["names on Samba", { checksNames: false }, { namesRefused: false }],
  [
    "names, all unknown, on Samba",
    { policy: UNKNOWN_POLICY, checksNames: false },
    { namesRefused: false },
  ],
  ["no complexity", { policy: { complexity: false } }, { complexity: false, namesRefused: false }],
  [
    "who needs no password",
    { policy: UNKNOWN_POLICY, account: { passwordNotRequired: true } },
    { minimumLength: 0, historyLength: 0, complexity: undefined },
  ],
  [
    "who needs no password, on Windows",
    { account: { passwordNotRequired: true } },
    { minimumLength: 0, historyLength: 0, complexity: true },
  ],
  [
    "who needs no password, on Samba",
    { account: { passwordNotRequired: true }, lengthCountsForAll: true },
    { minimumLength: 8, historyLength: 0, complexity: true },
  ],
  [
    "who needs no password, by rules unknown, on Samba",
    { policy: UNKNOWN_POLICY, account: { passwordNotRequired: true }, lengthCountsForAll: true },
    { minimumLength: undefined },
  ],
  ["no age", { policy: { minimumAge: 0n } }, { minimumAgeSeconds: 0, changeAllowedFrom: NOW_TEXT }],
  [
    "no age, whenever it was set",
    { policy: { minimumAge: 0n }, account: { pwdLastSet: undefined } },
    { changeAllowedFrom: NOW_TEXT },
  ],
  ["who must change", { account: { pwdLastSet: 0n } }, { changeAllowedFrom: NOW_TEXT }],
  [
    "who must change, by rules unknown",
    { policy: UNKNOWN_POLICY, account: { pwdLastSet: 0n } },
    { changeAllowedFrom: NOW_TEXT },
  ],
  ["old enough", { policy: { minimumAge: HOUR } }, { changeAllowedFrom: NOW_TEXT }],
  [
    "a hidden date",
    { account: { pwdLastSet: undefined } },
    { changeAllowedFrom: undefined, minimumAgeSeconds: 86_400 },
  ],
  [
    "never again",
    { policy: { minimumAge: 1n << 63n } },
    { changeAllowedFrom: undefined, minimumAgeSeconds: 922_337_203_685 },
  ],
  ["a lock that may not be read", { account: { locked: undefined } }, { locked: undefined }],
  ["locked", { account: { locked: true } }, { locked: true }],
  [
    "a filter",
    { passwordFilter: { helpText: "No seasons." } },
    { passwordFilter: { helpText: "No seasons." } },
  ],
  ["a filter without words", { passwordFilter: {} }, { passwordFilter: {} }],
])("%s", (_, wish, expected) => {
  expect(effectiveRules(read(wish))).toMatchObject(expected);
});

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const ticks = fc.bigInt({ min: 0n, max: 1n << 63n });
const reads: fc.Arbitrary<Read> = fc.record({
  policy: fc.record({
    minimumLength: maybe(fc.nat(1_024)),
    complexity: maybe(fc.boolean()),
    historyLength: maybe(fc.nat(1_024)),
    minimumAge: maybe(ticks),
    lockoutThreshold: maybe(fc.nat(1_024)),
    lockoutWindow: maybe(ticks),
  }),
  account: fc.record({
    pwdLastSet: maybe(fc.bigInt({ min: -(1n << 63n), max: 1n << 63n })),
    locked: maybe(fc.boolean()),
    passwordNotRequired: fc.boolean(),
  }),
  checksNames: fc.boolean(),
  lengthCountsForAll: fc.boolean(),
  now: ticks,
  resetAllowed: fc.boolean(),
  enforcedOnReset: fc.boolean(),
  passwordFilter: maybe(
    fc.record({ helpText: maybe(fc.string({ minLength: 1, maxLength: 500 })) }),
  ),
});

test("whatever was read, the cloud reads the same", () => {
  fc.assert(
    fc.property(reads, (given) => {
      const rules = effectiveRules(given);
      expect(passwordRules.parse(JSON.parse(JSON.stringify(rules)))).toEqual(rules);
    }),
    { numRuns: 500 },
  );
});

test("what is told before agrees with how a refusal would be explained", () => {
  fc.assert(
    fc.property(reads, fc.string({ unit: "grapheme-ascii" }), (given, newPassword) => {
      const rules = effectiveRules(given);
      const account = { ...given.account, accountName: "alex", displayName: undefined };
      const found = explain({ ...given, account, newPassword, policyEnforced: true });
      for (const violation of found) {
        if (violation.code === "tooShort") expect(violation.minimum).toBe(rules.minimumLength);
        if (violation.code === "notComplex") expect(rules.complexity).toBe(true);
        if (violation.code === "containsName") expect(rules.namesRefused).toBe(true);
        if (violation.code === "inHistory") expect(violation.remembered).toBe(rules.historyLength);
        if (violation.code === "tooSoon") expect(violation.earliest).toBe(rules.changeAllowedFrom);
      }
    }),
    { numRuns: 1_000 },
  );
});

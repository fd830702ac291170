import fc from "fast-check";
import { passwordRules } from "../../../protocol/passwordRules.ts";

const RULES = {
  minimumLength: 8,
  complexity: true,
  namesRefused: false,
  historyLength: 24,
  minimumAgeSeconds: 86_400,
  changeAllowedFrom: "2026-01-02T03:04:05.000Z",
  resetAllowed: true,
  enforcedOnReset: true,
  locked: false,
  passwordFilter: { helpText: "No seasons." },
};

test("rules read as they were told", () => {
  expect(passwordRules.parse(RULES)).toEqual(RULES);
  expect(passwordRules.parse({})).toEqual({});
});

test.each<[keyof typeof RULES, unknown]>([
  ["minimumLength", -1],
  ["minimumLength", 1_025],
  ["minimumLength", 8.5],
  ["minimumLength", "8"],
  ["complexity", "yes"],
  ["namesRefused", null],
  ["historyLength", Number.MAX_SAFE_INTEGER],
  ["minimumAgeSeconds", -1],
  ["minimumAgeSeconds", 2 ** 60],
  ["changeAllowedFrom", "tomorrow"],
  ["changeAllowedFrom", 1],
  ["resetAllowed", 1],
  ["enforcedOnReset", "always"],
  ["locked", {}],
  ["passwordFilter", true],
])("%s that is %p is unknown, and the rest is read", (member, value) => {
  const { [member]: _, ...rest } = RULES;
  expect(passwordRules.parse({ ...RULES, [member]: value })).toEqual(rest);
});

test("words on a filter that cannot be shown leave the filter", () => {
  for (const helpText of ["", "x".repeat(501), 1])
    expect(passwordRules.parse({ passwordFilter: { helpText } })).toEqual({ passwordFilter: {} });
});

test("whatever a newer agent sends in a member, the others are read", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(RULES)), fc.jsonValue(), (member, value) => {
      const parsed = passwordRules.parse({ ...RULES, more: value, [member]: value });
      for (const [name, known] of Object.entries(RULES))
        if (name !== member) expect(parsed).toHaveProperty(name, known);
      expect(parsed).not.toHaveProperty("more");
    }),
  );
});

import fc from "fast-check";
import { password } from "../../../protocol/password.ts";

const isUsable = (text: unknown): boolean => password.safeParse(text).success;

test.each<[string, unknown, boolean]>([
  ["one unit", "a", true],
  ["256 units", "a".repeat(256), true],
  ["257 units", "a".repeat(257), false],
  ["128 characters of two units", "🔑".repeat(128), true],
  ["129 characters of two units", "🔑".repeat(129), false],
  ["nothing", "", false],
  ["only spaces", "   ", true],
  ["a NUL", "abc\u0000def", false],
  ["other control characters", "abc\u0001\u001f\u007f", true],
  ["a lone high surrogate", "abc\ud83d", false],
  ["a lone low surrogate", "\udd11abc", false],
  ["surrogates in the wrong order", "\udd11\ud83d", false],
  ["a number", 12345678, false],
  ["null", null, false],
])("%s: %#", (_, text, usable) => {
  expect(isUsable(text)).toBe(usable);
});

test("nothing is trimmed, folded or normalised", () => {
  for (const text of [" lead", "trail ", "\ttab\n", "e\u0301", "\u00e9", "ﬁ", "Ａ", "\ufeffbom"])
    expect(password.parse(text)).toBe(text);
});

test("every well formed text of up to 256 units without NUL comes back as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 400 }), (text) => {
      const usable = text.length <= 256 && !text.includes("\0") && text.isWellFormed();
      expect(isUsable(text)).toBe(usable);
      if (usable) expect(password.parse(text)).toBe(text);
    }),
  );
});

test("a refusal says which rule, not which password", () => {
  const wrong = password.safeParse("Canary\u0000");
  expect(wrong.error?.issues.map(({ message }) => message)).toEqual(["must not contain NUL"]);
});

import { AnswerCheck } from "../../../../agent/directory/answerCheck.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const MODIFIED = hex("30 0c 02 01 05 67 07 0a 01 00 04 00 04 00");
const FOUND = hex("30 0c 02 01 05 65 07 0a 01 00 04 00 04 00");
const ENTRY = hex("30 13 02 01 05 64 0e 04 01 61 30 09 30 07 04 01 62 31 02 04 00");

test("answers are good however they are cut, and the last result is known", () => {
  const check = new AnswerCheck();
  const bytes = Buffer.concat([ENTRY, FOUND, MODIFIED]);
  for (const byte of bytes) {
    expect(check.isModifyAnswered).toBe(false);
    expect(check.take(Buffer.from([byte]))).toBe(true);
  }
  expect(check.isModifyAnswered).toBe(true);
  expect(check.take(Buffer.concat([ENTRY, FOUND]))).toBe(true);
  expect(check.isModifyAnswered).toBe(false);
});

test.each([
  ["a result without a code", "30 05 02 01 05 67 00"],
  ["a result with an empty code", "30 0b 02 01 05 67 06 0a 00 04 00 04 00"],
  ["a result without texts", "30 08 02 01 05 67 03 0a 01 00"],
  ["a message without an operation", "30 03 02 01 05"],
  ["another outer element", "31 0c 02 01 05 67 07 0a 01 00 04 00 04 00"],
  ["an element longer than its holder", "30 0c 02 01 05 67 07 0a 01 00 04 00 04 7f"],
  ["a value longer than its set", "30 13 02 01 05 64 0e 04 01 61 30 09 30 07 04 01 62 31 02 04 7f"],
  ["a length of no known end", "30 80 02 01 05"],
  ["a length far above anything", "30 84 7f ff ff ff"],
  ["an answer that nobody gives to the agent", "30 0c 02 01 05 69 07 0a 01 00 04 00 04 00"],
  ["another protocol", "48 54 54 50"],
])("%s ends it, and nothing counts any more", (_, bytes) => {
  const check = new AnswerCheck();
  expect(check.take(MODIFIED)).toBe(true);
  expect(check.take(hex(bytes))).toBe(false);
  expect(check.isModifyAnswered).toBe(false);
  expect(check.take(MODIFIED)).toBe(false);
});

test("an attribute may not come twice, in any letter case", () => {
  const attribute = (name: string) => `30 07 04 01 ${name} 31 02 04 00`;
  const entry = (one: string, other: string) =>
    hex(`30 1c 02 01 05 64 17 04 01 61 30 12 ${attribute(one)} ${attribute(other)}`);
  expect(new AnswerCheck().take(entry("62", "63"))).toBe(true);
  expect(new AnswerCheck().take(entry("62", "42"))).toBe(false);
});

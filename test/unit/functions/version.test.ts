import { isOlder } from "../../../functions/version.ts";

test.each([
  ["0.1.0", "0.1.0", false],
  ["0.1.0", "0.1.1", true],
  ["0.9.9", "1.0.0", true],
  ["1.0.0", "0.9.9", false],
  ["1.10.0", "1.9.0", false],
  ["1.0.0-beta", "1.0.0", false],
  ["dev", "0.0.1", true],
  ["", "0.0.1", true],
])("%s before %s: %s", (version, than, expected) => {
  expect(isOlder(version, than)).toBe(expected);
});

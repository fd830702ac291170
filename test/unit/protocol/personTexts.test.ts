import { ERRORS, type ErrorCode } from "../../../protocol/errors.ts";

/** Causes that a stranger must not be able to tell apart: they would say who exists, and how. */
const ALIKE: readonly ErrorCode[] = [
  "userNotFound",
  "directoryUserNotFound",
  "accountDisabled",
  "accountExpired",
  "accountProtected",
  "accountOutOfScope",
  "targetHoldsRole",
  "writebackDisabled",
  "unlockDisabled",
  "selfServiceDisabled",
  "userNotInScope",
  "userExcluded",
  "userNotLicensed",
];

test.each(ALIKE)("%s reads as an unknown user does", (code) => {
  expect(ERRORS[code].text).toBe(ERRORS.userNotFound.text);
});

test("so does everybody who has tried too often", () => {
  const limits = Object.entries(ERRORS).filter(([code]) => /LimitReached$/.test(code));
  for (const [, { text }] of limits) expect(text).toBe(ERRORS.userNotFound.text);
});

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
  "resetLimitReached",
  "changeLimitReached",
];

test.each(ALIKE)("%s reads as an unknown user does", (code) => {
  expect(ERRORS[code].text).toBe(ERRORS.userNotFound.text);
});

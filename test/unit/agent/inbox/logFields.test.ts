import { outcomeFields } from "../../../../agent/inbox/logFields.ts";

test("an outcome is logged with its codes and what it tells, but not with rules of passwords", () => {
  expect(
    outcomeFields({
      status: "failed",
      code: "passwordPolicyViolation",
      detail: {
        wasLocked: false,
        mustChangeApplied: true,
        mustChangeUnasked: true,
        accountDisabled: true,
        accountExpired: true,
        violations: [{ code: "tooShort", minimum: 8 }],
      },
      directory: { server: "dc1", resultCode: 53, resent: true },
    }),
  ).toEqual({
    status: "failed",
    code: "passwordPolicyViolation",
    wasLocked: false,
    mustChangeApplied: true,
    mustChangeUnasked: true,
    accountDisabled: true,
    accountExpired: true,
    server: "dc1",
    resultCode: 53,
    resent: true,
  });
});

test("nothing is made of what is not told", () => {
  expect(outcomeFields({ status: "succeeded" })).toEqual({ status: "succeeded" });
});

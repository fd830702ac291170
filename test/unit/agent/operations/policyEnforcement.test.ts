import {
  enforcesPolicy,
  policyEnforcement,
} from "../../../../agent/operations/policyEnforcement.ts";

test.each(["admin", "portal", "automation", "self", "operator"] as const)(
  "a reset from %s obeys the whole policy unless a setting says no",
  (origin) => {
    expect(enforcesPolicy(origin, undefined)).toBe(true);
    expect(enforcesPolicy(origin, policyEnforcement.parse({}))).toBe(true);
  },
);

test("each setting is for its own origin", () => {
  const settings = policyEnforcement.parse({ adminReset: false });
  expect(enforcesPolicy("admin", settings)).toBe(false);
  expect(enforcesPolicy("portal", settings)).toBe(true);
  expect(enforcesPolicy("portal", policyEnforcement.parse({ portalReset: false }))).toBe(false);
  expect(enforcesPolicy("automation", policyEnforcement.parse({ automationReset: false }))).toBe(
    false,
  );
});

test.each([{ adminReset: "no" }, { selfReset: false }])("%j is no setting", (given) => {
  expect(policyEnforcement.safeParse(given).success).toBe(false);
});

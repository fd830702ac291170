import type { Change } from "ldapts";
import { replaceValue } from "../../../local/accounts/changes.ts";
import { resetPassword, unlock } from "../../../local/accounts/passwordChanges.ts";
import {
  POLICY_HINTS,
  POLICY_HINTS_DEPRECATED,
  PolicyHints,
} from "../../../local/accounts/policyHints.ts";
import type { DirectoryFixture, Person } from "./fixture.ts";
import { refusalOf } from "./refusal.ts";

const PASSWORDS = ["Second-Tide-28", "Third-Window-39", "Fourth-Candle-40", "Fifth-Marble-51"];
const BY_POLICY = { code: 53, win32: "0000052D" };

function describeHonoured(fixture: DirectoryFixture): void {
  const reset = (person: Person, password: string, ...more: Change[]): Promise<void> =>
    fixture.service.modify(person.target, [...resetPassword(password), ...more], new PolicyHints());

  test.each([
    { name: "the control", oid: POLICY_HINTS, critical: true },
    { name: "the control, not critical", oid: POLICY_HINTS, critical: false },
    { name: "its older name", oid: POLICY_HINTS_DEPRECATED, critical: true },
  ])("$name forbids the current password and allows a new one", async ({ oid, critical }) => {
    const person = await fixture.person();
    const hints = new PolicyHints(oid, critical);
    const same = fixture.service.modify(person.target, resetPassword(person.password), hints);
    expect(await refusalOf(same)).toEqual(BY_POLICY);
    await fixture.service.modify(person.target, resetPassword("Second-Tide-28"), hints);
    expect(await fixture.bind(person, "Second-Tide-28")).toBe("ok");
  });

  test("forbids as many former passwords as are remembered", async () => {
    const person = await fixture.person();
    for (const password of PASSWORDS) await reset(person, password);
    for (const password of [person.password, ...PASSWORDS]) {
      expect(await refusalOf(reset(person, password))).toEqual(BY_POLICY);
    }
    await reset(person, "Sixth-Lantern-62");
    await reset(person, person.password);
    expect(await fixture.bind(person, person.password)).toBe("ok");
  });

  test("forbids a second one within the minimum age", async () => {
    const person = await fixture.person();
    await fixture.withPolicy({ minimumAgeSeconds: 86_400 }, async () => {
      expect(await refusalOf(reset(person, "Second-Tide-28"))).toEqual(BY_POLICY);
    });
    expect(await fixture.bind(person, person.password)).toBe("ok");
  });

  test("still asks for length and complexity", async () => {
    const person = await fixture.person();
    expect(await refusalOf(reset(person, "Ab1!xyz"))).toEqual(BY_POLICY);
    expect(await refusalOf(reset(person, "onlylowercase"))).toEqual(BY_POLICY);
  });

  test("go together with unlocking and with -1 in the same modify", async () => {
    const person = await fixture.person();
    await reset(person, "Second-Tide-28", ...unlock(), replaceValue("pwdLastSet", "-1"));
    expect(await fixture.bind(person, "Second-Tide-28")).toBe("ok");
  });

  test("go together with must change in one modify, or are refused like a policy", async () => {
    const person = await fixture.person();
    const attempt = reset(person, "Second-Tide-28", replaceValue("pwdLastSet", "0"));
    if (fixture.expectations.hintsWithMustChange) {
      await attempt;
      expect(await fixture.bind(person, "Second-Tide-28")).toBe("773");
    } else {
      expect(await refusalOf(attempt)).toEqual(BY_POLICY);
      expect(await fixture.bind(person, person.password)).toBe("ok");
    }
  });
}

function describeUnknown(fixture: DirectoryFixture): void {
  const resetToSame = (person: Person, hints: PolicyHints): Promise<void> =>
    fixture.service.modify(person.target, resetPassword(person.password), hints);

  test.each([POLICY_HINTS, POLICY_HINTS_DEPRECATED])(
    "critical (%s): refused, and nothing changes",
    async (oid) => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      const hints = new PolicyHints(oid);
      const attempt = fixture.service.modify(
        person.target,
        resetPassword(PASSWORDS[0] ?? ""),
        hints,
      );
      expect(await refusalOf(attempt)).toEqual(fixture.expectations.unavailableControl);
      expect(await fixture.state(person)).toEqual(before);
    },
  );

  test("not critical: ignored, so history is not enforced", async () => {
    const person = await fixture.person();
    const before = await fixture.state(person);
    await resetToSame(person, new PolicyHints(POLICY_HINTS, false));
    expect((await fixture.state(person)).keyVersion).toBe(before.keyVersion + 1);
  });
}

export function describePolicyHints(fixture: DirectoryFixture): void {
  describe("policy hints on a reset", () => {
    if (fixture.expectations.policyHints) describeHonoured(fixture);
    else describeUnknown(fixture);
  });
}

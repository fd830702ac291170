import { guardSettings } from "../../../../agent/directory/guard/settings.ts";
import { replaceValue } from "../../../../local/accounts/changes.ts";
import type { Origin } from "../../../../protocol/request.ts";
import type { Abilities, OperationsFixture, Person } from "./fixture.ts";

const NEXT = "Second-Meadow-28";
const LONG_AGO = "130000000000000000";

/** What an outcome tells whatever the settings allow. */
export function describeTold(fixture: OperationsFixture, { policyHints }: Abilities): void {
  const guard = guardSettings.parse({ rules: { disabled: "allow", expired: "allow" } });
  const allowWeakerEnforcement = !policyHints;
  const lenient = () =>
    fixture.job({ settings: { ...fixture.settings, guard, allowWeakerEnforcement } });
  const expired = async () => {
    const person = await fixture.person();
    await fixture.administrator.modify(person.dn, replaceValue("accountExpires", LONG_AGO));
    return person;
  };
  const states: [string, () => Promise<Person>, object][] = [
    ["disabled", () => fixture.person({ disabled: true }), { accountDisabled: true }],
    ["expired", expired, { accountExpired: true }],
  ];

  describe.each(states)("an account that is %s, where that is allowed", (_, make, told) => {
    test("said with each success", async () => {
      const person = await make();
      const wishes = [
        { operation: "change", currentPassword: person.password, newPassword: NEXT },
        { operation: "reset", newPassword: "Third-Mountain-39", mustChange: false },
        { operation: "unlock" },
        { operation: "requireChange" },
      ] as const;
      for (const wish of wishes) {
        const verdict = await fixture.run(person, wish, lenient());
        expect(verdict).toMatchObject({ status: "succeeded", detail: told });
      }
    });

    test("said with a refusal as well", async () => {
      const person = await make();
      const wish = { operation: "reset", newPassword: "Ab-1e", mustChange: false } as const;
      expect(await fixture.run(person, wish, lenient())).toMatchObject({
        code: "passwordPolicyViolation",
        detail: { ...told, violations: [{ code: "tooShort", minimum: 8 }] },
      });
    });
  });

  test("nothing of the kind is said of others", async () => {
    const person = await fixture.person();
    expect(await fixture.run(person, { operation: "unlock" }, lenient())).toMatchObject({
      detail: { wasLocked: false },
    });
  });

  describe("policy enforcement is off for resets by administrators", () => {
    const reset = (person: Person, origin: Origin, newPassword: string) => {
      const policyEnforcement = { adminReset: false, portalReset: true, automationReset: true };
      const settings = { ...fixture.settings, policyEnforcement };
      const wish = { operation: "reset", origin, newPassword, mustChange: true } as const;
      return fixture.run(person, wish, fixture.job({ settings }));
    };

    test("a remembered password is taken in one modify, and the outcome says how", async () => {
      const person = await fixture.person();
      expect(await reset(person, "admin", person.password)).toEqual({
        status: "succeeded",
        detail: { wasLocked: false, mustChangeApplied: true },
        directory: {
          ...{ server: "dc1.corp.example", policyEnforced: false },
          ...{ keyVersionBefore: expect.any(Number), keyVersionAfter: expect.any(Number) },
        },
      });
      expect(await fixture.bind(person, person.password)).toBe("773");
    });

    test("length still counts", async () => {
      const person = await fixture.person();
      expect(await reset(person, "admin", "Ab-1e")).toMatchObject({
        code: "passwordPolicyViolation",
        detail: { violations: [{ code: "tooShort", minimum: 8 }] },
        directory: { policyEnforced: false },
      });
    });

    test("from the portal it is not", async () => {
      const person = await fixture.person();
      const { keyVersion } = await fixture.state(person);
      expect(await reset(person, "portal", person.password)).toMatchObject({
        status: "failed",
        code: policyHints ? "passwordPolicyViolation" : "directoryCannotEnforcePolicy",
      });
      expect((await fixture.state(person)).keyVersion).toBe(keyVersion);
    });
  });
}

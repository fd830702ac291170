import { lockOut } from "../../../../local/accounts/lockOut.ts";
import { SAMPLE_POLICY } from "../../../../local/seed.ts";
import type { OperationsFixture } from "./fixture.ts";

const NEXT = "Second-Meadow-28";
/** What an operator and the cloud half are told of the domain's rules. */
const LOCKOUT = {
  lockoutThreshold: SAMPLE_POLICY.lockoutThreshold,
  lockoutWindowSeconds: SAMPLE_POLICY.lockoutSeconds,
};

export function describeChange(fixture: OperationsFixture): void {
  test("the new password counts at once, the old one no more", async () => {
    const person = await fixture.person();
    const { keyVersion: keyVersionBefore } = await fixture.state(person);
    const verdict = await fixture.run(person, {
      operation: "change",
      currentPassword: person.password,
      newPassword: NEXT,
    });
    const { keyVersion: keyVersionAfter } = await fixture.state(person);
    expect(verdict).toEqual({
      status: "succeeded",
      directory: { server: "dc1.corp.example", keyVersionBefore, keyVersionAfter, ...LOCKOUT },
    });
    expect(await fixture.bind(person, NEXT)).toBe("ok");
    expect(await fixture.bind(person, person.password)).toBe("52e");
  });

  test.each(['"Quoted" \\ Back 1', "  Spaces-around-2  ", "Ünïcode-Пароль-😀-3"])(
    "%j is set as it was typed",
    async (newPassword) => {
      const person = await fixture.person();
      const currentPassword = person.password;
      const change = { operation: "change", currentPassword, newPassword } as const;
      expect((await fixture.run(person, change)).status).toBe("succeeded");
      expect(await fixture.bind(person, newPassword)).toBe("ok");
    },
  );

  test("a wrong current password is said to be wrong, and counts towards a lockout", async () => {
    const person = await fixture.person();
    const verdict = await fixture.run(person, {
      operation: "change",
      currentPassword: "not-the-password",
      newPassword: NEXT,
    });
    expect(verdict).toMatchObject({
      status: "failed",
      code: "currentPasswordWrong",
      directory: { resultCode: 19, win32: "00000056", ...LOCKOUT },
    });
    expect((await fixture.state(person)).badPwdCount).toBe(1);
    expect(await fixture.bind(person, person.password)).toBe("ok");
  });

  test.each([
    ["short", "Ab-1"],
    ["simple", "onlylowercase"],
    ["the current one", "First-Harbour-17"],
  ])("a password that is %s is refused by the policy", async (_, newPassword) => {
    const person = await fixture.person();
    const verdict = await fixture.run(person, {
      operation: "change",
      currentPassword: person.password,
      newPassword,
    });
    expect(verdict).toMatchObject({
      status: "failed",
      code: "passwordPolicyViolation",
      directory: { win32: "0000052D" },
    });
    expect(await fixture.bind(person, person.password)).toBe("ok");
  });

  test("a locked account is refused alike with right and wrong password, and stays so", async () => {
    const person = await fixture.person();
    await lockOut(fixture.directory, person.dn);
    const before = await fixture.state(person);
    for (const currentPassword of [person.password, "not-the-password"]) {
      const change = { operation: "change", currentPassword, newPassword: NEXT } as const;
      expect(await fixture.run(person, change)).toMatchObject({
        status: "failed",
        code: "accountLocked",
        directory: { win32: "00000775" },
      });
    }
    expect(await fixture.state(person)).toEqual(before);
    expect(await fixture.bind(person, person.password)).toBe("775");
  });

  test("someone who must change may", async () => {
    const person = await fixture.person({ mustChange: true });
    const verdict = await fixture.run(person, {
      operation: "change",
      currentPassword: person.password,
      newPassword: NEXT,
    });
    expect(verdict.status).toBe("succeeded");
    expect(await fixture.bind(person, NEXT)).toBe("ok");
  });
}

import { lockOut } from "../../../local/accounts/lockOut.ts";
import { changePassword } from "../../../local/accounts/passwordChanges.ts";
import { LOCKED_OUT } from "../../../local/accounts/readUser.ts";
import type { DirectoryFixture, Person } from "./fixture.ts";
import { refusalOf } from "./refusal.ts";

const NEXT = "Second-Tide-28";
const WRONG = "Wrong-Password-99";
const BY_POLICY = { code: 19, win32: "0000052D" };

export function describeChange(fixture: DirectoryFixture): void {
  const change = (person: Person, current: string, next: string): Promise<void> =>
    fixture.service.modify(person.target, changePassword(current, next));

  describe("change", () => {
    test("sets the password of whoever knows the current one", async () => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      await change(person, person.password, NEXT);
      expect(await fixture.bind(person, NEXT)).toBe("ok");
      expect(await fixture.bind(person, person.password)).toBe("52e");
      expect((await fixture.state(person)).keyVersion).toBe(before.keyVersion + 1);
    });

    test("needs no delegated right", async () => {
      const person = await fixture.person({ ou: "OU=Service,DC=corp,DC=example" });
      await change(person, person.password, NEXT);
      expect(await fixture.bind(person, NEXT)).toBe("ok");
    });

    test("with a wrong current password: refused and counted", async () => {
      const person = await fixture.person();
      const refused = { code: 19, win32: "00000056" };
      expect(await refusalOf(change(person, WRONG, NEXT))).toEqual(refused);
      expect((await fixture.state(person)).badPwdCount).toBe(1);
      expect(await fixture.bind(person, person.password)).toBe("ok");
    });

    test("sent a second time, it is a wrong current password", async () => {
      const person = await fixture.person();
      await change(person, person.password, NEXT);
      const again = await refusalOf(change(person, person.password, NEXT));
      expect(again).toEqual({ code: 19, win32: "00000056" });
      expect(await fixture.bind(person, NEXT)).toBe("ok");
    });

    test("locks the account when guessed at too often", async () => {
      const person = await fixture.person();
      await fixture.withPolicy({ lockoutThreshold: 2 }, async () => {
        await refusalOf(change(person, WRONG, NEXT));
        await refusalOf(change(person, WRONG, NEXT));
      });
      expect((await fixture.state(person)).computed & LOCKED_OUT).toBe(LOCKED_OUT);
    });

    test.each([
      { what: "a short password", next: "Ab1!xyz" },
      { what: "a simple password", next: "onlylowercase" },
      { what: "the current password", next: undefined },
    ])("refuses $what", async ({ next }) => {
      const person = await fixture.person();
      const attempt = change(person, person.password, next ?? person.password);
      expect(await refusalOf(attempt)).toEqual(BY_POLICY);
      expect(await fixture.bind(person, person.password)).toBe("ok");
    });

    test("refuses a former password", async () => {
      const person = await fixture.person();
      await change(person, person.password, NEXT);
      expect(await refusalOf(change(person, NEXT, person.password))).toEqual(BY_POLICY);
    });

    test("refuses a second one within the minimum age, unless it is due", async () => {
      const person = await fixture.person();
      const due = await fixture.person({ mustChange: true });
      await fixture.withPolicy({ minimumAgeSeconds: 86_400 }, async () => {
        expect(await refusalOf(change(person, person.password, NEXT))).toEqual(BY_POLICY);
        await change(due, due.password, NEXT);
      });
      expect(await fixture.bind(due, NEXT)).toBe("ok");
      expect((await fixture.state(due)).pwdLastSet).toBeGreaterThan(0n);
    });

    test.each([
      { which: "right", current: undefined },
      { which: "wrong", current: WRONG },
    ])("locked, with the $which current password: refused alike, still locked", async (row) => {
      const person = await fixture.person();
      await lockOut(fixture.directory, person.dn);
      const before = await fixture.state(person);
      const attempt = change(person, row.current ?? person.password, NEXT);
      expect(await refusalOf(attempt)).toEqual({ code: 19, win32: "00000775" });
      expect(await fixture.state(person)).toEqual(before);
      expect(before.computed & LOCKED_OUT).toBe(LOCKED_OUT);
    });
  });
}

import type { Change } from "ldapts";
import { addValue, replaceValue } from "../../../local/accounts/changes.ts";
import { lockOut } from "../../../local/accounts/lockOut.ts";
import { resetPassword, unicodePwd, unlock } from "../../../local/accounts/passwordChanges.ts";
import { LOCKED_OUT } from "../../../local/accounts/readUser.ts";
import type { DirectoryFixture, Person } from "./fixture.ts";
import { refusalOf } from "./refusal.ts";

const NEXT = "Second-Tide-28";
const TOO_SHORT = "Ab1!xyz";
const TOO_SIMPLE = "onlylowercase";

export function describeReset(fixture: DirectoryFixture): void {
  const reset = (person: Person, password: string, ...more: Change[]): Promise<void> =>
    fixture.service.modify(person.target, [...resetPassword(password), ...more]);
  const byPolicy = () => ({ code: fixture.expectations.resetPolicyCode, win32: "0000052D" });

  describe("reset", () => {
    test("sets the password at once: the old one is dead, key version and time move", async () => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      await reset(person, NEXT);
      const after = await fixture.state(person);
      expect(await fixture.bind(person, NEXT)).toBe("ok");
      expect(await fixture.bind(person, person.password)).toBe("52e");
      expect(after.keyVersion).toBe(before.keyVersion + 1);
      expect(after.pwdLastSet).toBeGreaterThan(before.pwdLastSet);
    });

    test.each([
      { what: "letters outside ASCII", password: "Grüße-aus-Wien-9" },
      { what: "characters outside the basic plane", password: "Aa1!😀😀" },
      { what: "quotation marks, a backslash, spaces at the edges", password: ' "In"ner\\Quote-5 ' },
      { what: "only caseless letters, digits and signs", password: "漢字漢字-12345" },
      { what: "256 characters", password: "Aa1-".repeat(64) },
    ])("takes $what as they are", async ({ password }) => {
      const person = await fixture.person();
      await reset(person, password);
      expect(await fixture.bind(person, password)).toBe("ok");
      expect(await fixture.bind(person, `${password.trim()}.`)).toBe("52e");
    });

    test.each([
      { what: "a short password", password: TOO_SHORT },
      { what: "an empty password", password: "" },
      { what: "a simple password", password: TOO_SIMPLE },
    ])("refuses $what, and nothing changes", async ({ password }) => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      expect(await refusalOf(reset(person, password))).toEqual(byPolicy());
      expect(await fixture.state(person)).toEqual(before);
      expect(await fixture.bind(person, person.password)).toBe("ok");
    });

    test("judges a password that contains the account's name", async () => {
      const person = await fixture.person();
      const attempt = reset(person, `Xy-${person.name.toUpperCase()}-1z`);
      if (fixture.expectations.refusesNameInPassword) {
        expect(await refusalOf(attempt)).toEqual(byPolicy());
      } else await attempt;
    });

    test("heeds a policy that has just been made looser", async () => {
      const person = await fixture.person();
      await fixture.withPolicy({ minimumLength: 4, complexity: false }, async () => {
        await reset(person, "abcd");
        expect(await refusalOf(reset(person, "abc"))).toEqual(byPolicy());
      });
      expect(await fixture.bind(person, "abcd")).toBe("ok");
    });

    test.each([
      { what: "not quoted", value: Buffer.from(NEXT, "utf16le") },
      { what: "UTF-8", value: Buffer.from(`"${NEXT}"`, "utf8") },
      { what: "an odd number of bytes", value: unicodePwd(NEXT).subarray(0, -1) },
    ])("refuses a value that is $what", async ({ value }) => {
      const person = await fixture.person();
      const attempt = fixture.service.modify(person.target, replaceValue("unicodePwd", value));
      expect(await refusalOf(attempt)).toEqual(fixture.expectations.malformedPassword);
    });

    test("refuses a value that is added to the one there is", async () => {
      const person = await fixture.person();
      const added = addValue("unicodePwd", unicodePwd(NEXT));
      const attempt = fixture.service.modify(person.target, added);
      expect(await refusalOf(attempt)).toEqual(fixture.expectations.addedPassword);
      expect(await fixture.bind(person, person.password)).toBe("ok");
    });

    test("knows neither history nor minimum age, unless hinted at them", async () => {
      const person = await fixture.person();
      await fixture.withPolicy({ minimumAgeSeconds: 86_400 }, async () => {
        await reset(person, person.password);
        await reset(person, NEXT);
        await reset(person, person.password);
      });
      expect(await fixture.bind(person, person.password)).toBe("ok");
    });

    test("leaves a disabled account disabled", async () => {
      const person = await fixture.person({ disabled: true });
      await reset(person, NEXT);
      expect(await fixture.bind(person, NEXT)).toBe("533");
    });

    test("alone does not unlock", async () => {
      const person = await fixture.person();
      await lockOut(fixture.directory, person.dn);
      await reset(person, NEXT);
      expect((await fixture.state(person)).computed & LOCKED_OUT).toBe(LOCKED_OUT);
      expect(await fixture.bind(person, NEXT)).toBe("775");
    });

    test("ends the duty to change", async () => {
      const person = await fixture.person({ mustChange: true });
      await reset(person, NEXT);
      expect(await fixture.bind(person, NEXT)).toBe("ok");
    });

    test("unlocks and demands a change in the same modify", async () => {
      const person = await fixture.person();
      await lockOut(fixture.directory, person.dn);
      await reset(person, NEXT, ...unlock(), replaceValue("pwdLastSet", "0"));
      expect(await fixture.state(person)).toMatchObject({ computed: 0x80_0000, pwdLastSet: 0n });
      expect(await fixture.bind(person, NEXT)).toBe("773");
    });

    test("refused, it takes the rest of its modify with it", async () => {
      const person = await fixture.person();
      await lockOut(fixture.directory, person.dn);
      const before = await fixture.state(person);
      const attempt = reset(person, TOO_SHORT, ...unlock(), replaceValue("pwdLastSet", "0"));
      expect(await refusalOf(attempt)).toEqual(byPolicy());
      expect(await fixture.state(person)).toEqual(before);
    });
  });
}

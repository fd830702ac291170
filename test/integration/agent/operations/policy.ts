import { findAccount } from "../../../../agent/directory/findAccount.ts";
import { UNKNOWN_POLICY } from "../../../../agent/directory/policy.ts";
import { readPolicy } from "../../../../agent/directory/policyReader.ts";
import {
  addPasswordSettingsWith,
  type PasswordSettings,
} from "../../../../local/accounts/passwordSettings.ts";
import { SAMPLE_POLICY } from "../../../../local/seed.ts";
import type { Verdict } from "../../../../protocol/outcome.ts";
import { unixMs } from "../../../unixMs.ts";
import type { Abilities, OperationsFixture, Person } from "./fixture.ts";

const NEXT = "Second-Meadow-28";
const DAY_SECONDS = 86_400;
const DAY_MS = 86_400_000;

const refusedFor = (...violations: object[]) => ({
  status: "failed",
  code: "passwordPolicyViolation",
  detail: { violations },
});

/** A refusal names its rule, with the number or the time, and nothing is written. */
export function describePolicy(fixture: OperationsFixture, { policyHints }: Abilities): void {
  const change = (person: Person, newPassword: string, currentPassword = person.password) =>
    fixture.run(person, { operation: "change", currentPassword, newPassword });
  const reset = (person: Person, newPassword: string) =>
    fixture.run(person, { operation: "reset", newPassword, mustChange: false });
  /** Both where the directory applies the whole policy to both. */
  const ways: [string, (person: Person, newPassword: string) => Promise<Verdict>][] = policyHints
    ? [
        ["change", change],
        ["reset", reset],
      ]
    : [["change", change]];
  const settingsFor = (person: Person, rules: Partial<PasswordSettings>): Promise<string> =>
    addPasswordSettingsWith(fixture.administrator, fixture.directory.baseDn, {
      ...SAMPLE_POLICY,
      name: `Rules of ${person.name}`,
      precedence: 50,
      appliesTo: [person.dn],
      ...rules,
    });

  describe.each(ways)("%s", (_, write) => {
    test.each([
      ["Ab-1e", [{ code: "tooShort", minimum: 8 }]],
      ["onlyletters1", [{ code: "notComplex", missing: ["uppercase", "symbol"] }]],
      [
        "abcde",
        [
          { code: "tooShort", minimum: 8 },
          { code: "notComplex", missing: ["uppercase", "digit", "symbol"] },
        ],
      ],
    ])("%s breaks %j", async (newPassword, violations) => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      expect(await write(person, newPassword)).toMatchObject(refusedFor(...violations));
      expect(await fixture.state(person)).toEqual(before);
    });

    test("one that was used before", async () => {
      const person = await fixture.person();
      const { password } = person;
      expect(await write(person, NEXT)).toMatchObject({ status: "succeeded" });
      expect(await write({ ...person, password: NEXT }, password)).toMatchObject(
        refusedFor({ code: "inHistory", remembered: SAMPLE_POLICY.historyLength }),
      );
    });

    test("too soon after the last one: when it can be changed again", async () => {
      const person = await fixture.person();
      await settingsFor(person, { minimumAgeSeconds: DAY_SECONDS });
      const { pwdLastSet } = await fixture.state(person);
      const earliest = unixMs(pwdLastSet) + DAY_MS;
      expect(await write(person, NEXT)).toMatchObject(
        refusedFor({ code: "tooSoon", earliest: new Date(earliest).toISOString() }),
      );
      expect(await fixture.bind(person, person.password)).toBe("ok");
    });

    test("who must change is never too soon", async () => {
      const person = await fixture.person({ mustChange: true });
      await settingsFor(person, { minimumAgeSeconds: DAY_SECONDS });
      expect(await write(person, NEXT)).toMatchObject({ status: "succeeded" });
    });

    test("settings of one's own count, not the domain's", async () => {
      const person = await fixture.person();
      await settingsFor(person, { minimumLength: 16 });
      expect(await write(person, "Fifteen-units-1")).toMatchObject(
        refusedFor({ code: "tooShort", minimum: 16 }),
      );
    });
  });

  test("the current one once more", async () => {
    const person = await fixture.person();
    expect(await change(person, person.password)).toMatchObject(
      refusedFor({ code: "sameAsCurrent" }),
    );
  });

  test("a change tells when the account would be locked, by its own settings", async () => {
    const person = await fixture.person();
    await settingsFor(person, { lockoutThreshold: 3, lockoutSeconds: 600 });
    expect(await change(person, NEXT, "not-the-password")).toMatchObject({
      code: "currentPasswordWrong",
      directory: { lockoutThreshold: 3, lockoutWindowSeconds: 600 },
    });
  });

  test("settings that the agent may not read: unknown, but for what the directory says", async () => {
    const account = { name: "svc-unread", password: "Unread-Service-61!" };
    await fixture.person(account);
    const pool = fixture.newPool(account);
    const person = await fixture.person();
    await settingsFor(person, { minimumLength: 16 });
    const verdict = await fixture.run(
      person,
      { operation: "change", currentPassword: person.password, newPassword: "Short-1" },
      fixture.job({ pool }),
    );
    pool.close();
    expect(verdict.directory).not.toHaveProperty("lockoutThreshold");
    expect(verdict).toMatchObject(
      refusedFor(
        fixture.directory.kind === "samba"
          ? { code: "tooShort", minimum: 16 }
          : { code: "unknown" },
      ),
    );
  });

  test.each(["CN=Nobody,CN=Users,DC=corp,DC=example", "DC=elsewhere,DC=example", "no name at all"])(
    "settings that are not there (%s) cost the connection nothing",
    async (dn) => {
      const person = await fixture.person();
      const { accountName } = await fixture.pool.use(
        1_000,
        (connection) => findAccount(connection, person.target, fixture.settings),
        async (connection, account) => {
          const named = { ...account, passwordSettings: dn };
          expect(await readPolicy(connection, named)).toEqual(UNKNOWN_POLICY);
          return findAccount(connection, person.target, fixture.settings);
        },
      );
      expect(accountName).toBe(person.name);
    },
  );

  test("a name in the password is refused by Windows, and taken by Samba", async () => {
    const person = await fixture.person({ givenName: "Ottilie", surname: "Berg" });
    const verdict = await change(person, "My-ottilie-29");
    expect(verdict).toMatchObject(
      fixture.directory.kind === "samba"
        ? { status: "succeeded" }
        : refusedFor({ code: "containsName" }),
    );
  });

  test("with a filter in place the remembered one is told from it by Samba alone", async () => {
    const person = await fixture.person();
    const settings = { ...fixture.settings, passwordFilter: { helpText: "No seasons, please." } };
    const write = (currentPassword: string, newPassword: string) =>
      fixture.run(
        person,
        { operation: "change", currentPassword, newPassword },
        fixture.job({ settings }),
      );
    await write(person.password, NEXT);
    expect(await write(NEXT, person.password)).toMatchObject(
      fixture.directory.kind === "samba"
        ? refusedFor({ code: "inHistory", remembered: 5 })
        : refusedFor(
            { code: "inHistory", remembered: 5, possibly: true },
            { code: "filtered", helpText: "No seasons, please.", possibly: true },
          ),
    );
  });
}

import { addGroupWith } from "../../../../../local/accounts/groups.ts";
import {
  addPasswordSettingsWith,
  type PasswordSettings,
} from "../../../../../local/accounts/passwordSettings.ts";
import { STAFF_OU } from "../../../../../local/samples.ts";
import { SAMPLE_POLICY } from "../../../../../local/seed.ts";
import type { Verdict } from "../../../../../protocol/outcome.ts";
import { password } from "../../../../../protocol/password.ts";
import { unixMs } from "../../../../unixMs.ts";
import type { Abilities, OperationsFixture, Person } from "../fixture.ts";

const NEXT = "Second-Meadow-28";
const DAY_SECONDS = 86_400;
const DAY_MS = 86_400_000;
const EMOJI = "😀";

/** Cases 6 to 12: what the rules for passwords make of it. */
export function describeRules(fixture: OperationsFixture, { policyHints }: Abilities): void {
  const change = (person: Person, newPassword: string, currentPassword = person.password) =>
    fixture.run(person, { operation: "change", currentPassword, newPassword });
  const reset = (person: Person, newPassword: string, allowWeakerEnforcement = false) =>
    fixture.run(
      person,
      { operation: "reset", newPassword, mustChange: false },
      fixture.job({ settings: { ...fixture.settings, allowWeakerEnforcement } }),
    );
  const settingsFor = (name: string, appliesTo: string, rules: Partial<PasswordSettings>) =>
    addPasswordSettingsWith(fixture.administrator, fixture.directory.baseDn, {
      ...SAMPLE_POLICY,
      name: `Tricky ${name}`,
      precedence: 40,
      appliesTo: [appliesTo],
      ...rules,
    });
  const rulesOf = (verdict: Verdict) => verdict.detail?.violations;

  if (policyHints)
    test("6 a first reset to the current password: refused, not taken as done", async () => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      const verdict = await reset(person, person.password);
      expect(verdict).toMatchObject({ status: "failed", code: "passwordPolicyViolation" });
      expect(rulesOf(verdict)?.map(({ code }) => code)).toEqual([
        expect.stringMatching(/^(inHistory|sameAsCurrent)$/),
      ]);
      expect(await fixture.state(person)).toEqual(before);
    });
  else
    test("7 without policy hints nothing is reset at all (and so there is no 6)", async () => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      for (const newPassword of [NEXT, person.password])
        expect(await reset(person, newPassword)).toMatchObject({
          status: "failed",
          code: "directoryCannotEnforcePolicy",
        });
      expect(await fixture.state(person)).toEqual(before);
    });

  test("8 unreadable settings on a nested group: the domain's 8 is not told", async () => {
    const account = { name: "svc-blind", password: "Unread-Service-61!" };
    await fixture.person(account);
    const person = await fixture.person();
    const inner = await addGroupWith(fixture.administrator, "strict-inner", STAFF_OU, [person.dn]);
    const outer = await addGroupWith(fixture.administrator, "strict-outer", STAFF_OU, [inner]);
    await settingsFor("nested", outer, { minimumLength: 16 });
    const pool = fixture.newPool(account);
    const verdict = await fixture.run(
      person,
      { operation: "change", currentPassword: person.password, newPassword: "Ten-units1" },
      fixture.job({ pool }),
    );
    pool.close();
    expect(verdict).toMatchObject({ status: "failed", code: "passwordPolicyViolation" });
    // Samba says in words that it is too short; Windows says nothing.
    const isSamba = fixture.directory.kind === "samba";
    expect(rulesOf(verdict)?.map(({ code }) => code)).toEqual([isSamba ? "tooShort" : "unknown"]);
    expect(JSON.stringify(rulesOf(verdict))).not.toMatch(/"minimum":8\b/);
  });

  test("9 a day between passwords: the second reset is too soon under hints", async () => {
    const person = await fixture.person({ mustChange: true });
    await settingsFor("slow", person.dn, { minimumAgeSeconds: DAY_SECONDS });
    expect(await reset(person, NEXT, true)).toMatchObject({ status: "succeeded" });
    const { pwdLastSet } = await fixture.state(person);
    const again = await reset(person, "Third-Mountain-39", true);
    const earliest = unixMs(pwdLastSet) + DAY_MS;
    const tooSoon = [{ code: "tooSoon", earliest: new Date(earliest).toISOString() }];
    if (policyHints) expect(rulesOf(again)).toEqual(tooSoon);
    else expect(again).toMatchObject({ status: "succeeded" });
    const now = policyHints ? NEXT : "Third-Mountain-39";
    expect(rulesOf(await change(person, "Fourth-Island-50", now))).toEqual(
      policyHints ? tooSoon : [expect.objectContaining({ code: "tooSoon" })],
    );
  });

  test("10 length is UTF-16 units, and the directory is who decides", async () => {
    const accepted = [`Aa1${EMOJI.repeat(7)}`, `Aa${EMOJI.repeat(6)}1-`, "Sixteen-points-1"];
    for (const newPassword of accepted) {
      const person = await fixture.person();
      await settingsFor(`length ${person.name}`, person.dn, { minimumLength: 16 });
      expect(newPassword.length).toBeGreaterThanOrEqual(16);
      expect(await change(person, newPassword)).toMatchObject({ status: "succeeded" });
      expect(await fixture.bind(person, newPassword)).toBe("ok");
    }
    const person = await fixture.person();
    await settingsFor(`length ${person.name}`, person.dn, { minimumLength: 16 });
    expect(rulesOf(await change(person, `Aa1${EMOJI.repeat(6)}`))).toEqual([
      { code: "tooShort", minimum: 16 },
    ]);
  });

  test("11 quotes, backslash, edge spaces, 256 units stay; the untypable is refused", async () => {
    const longest = `Aa1-${"x".repeat(252)}`;
    for (const newPassword of ['"Quo\\te" 1', "  Edge-spaces-1  ", longest]) {
      const person = await fixture.person();
      expect(password.safeParse(newPassword).success).toBe(true);
      expect(await change(person, newPassword)).toMatchObject({ status: "succeeded" });
      expect(await fixture.bind(person, newPassword)).toBe("ok");
      if (newPassword.trim() !== newPassword)
        expect(await fixture.bind(person, newPassword.trim())).toBe("52e");
    }
    for (const [unusable, reason] of [
      [`${longest}x`, "256 UTF-16 code units"],
      ["Aa1-\0-xxxx", "NUL"],
      ["Aa1-\ud83d-xxxx", "lone surrogate"],
    ] as const)
      expect(password.safeParse(unusable).error?.issues[0]?.message).toContain(reason);
  });

  test("12 O'Neil-Smith: smith is a part of the name, neil is not (Samba: neither)", async () => {
    const named = { givenName: "Li", surname: "O'Neil-Smith" };
    const [one, other] = [await fixture.person(named), await fixture.person(named)];
    expect(await change(one, "My-neil-291")).toMatchObject({ status: "succeeded" });
    const verdict = await change(other, "My-smith-291");
    if (fixture.directory.kind === "samba") expect(verdict.status).toBe("succeeded");
    else expect(rulesOf(verdict)).toEqual([{ code: "containsName" }]);
  });
}

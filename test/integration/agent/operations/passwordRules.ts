import { guardSettings } from "../../../../agent/directory/guard/settings.ts";
import { policyEnforcement } from "../../../../agent/operations/policyEnforcement.ts";
import { replaceValue } from "../../../../local/accounts/changes.ts";
import { joinGroupWith } from "../../../../local/accounts/groups.ts";
import { lockOut } from "../../../../local/accounts/lockOut.ts";
import {
  addPasswordSettingsWith,
  type PasswordSettings,
} from "../../../../local/accounts/passwordSettings.ts";
import { SERVICE_OU, STAFF_OU } from "../../../../local/samples.ts";
import { SAMPLE_POLICY } from "../../../../local/seed.ts";
import type { Origin } from "../../../../protocol/request.ts";
import { unixMs } from "../../../unixMs.ts";
import type { Abilities, OperationsFixture, Person } from "./fixture.ts";

const DAY_MS = 86_400_000;
const NEEDS_NONE = String(0x220);
/** Milliseconds: the directory tells its time in whole seconds, and was asked for it before. */
const CLOCK_MS = 20_000;

/** The rules are told as they are in force, and nothing is written. */
export function describePasswordRules(
  fixture: OperationsFixture,
  { policyHints }: Abilities,
): void {
  const ask = (person: Pick<Person, "target">, job = fixture.job(), origin: Origin = "self") =>
    fixture.run(person, { operation: "passwordRules", origin }, job);
  const settingsFor = (person: Person, rules: Partial<PasswordSettings>): Promise<string> =>
    addPasswordSettingsWith(fixture.administrator, fixture.directory.baseDn, {
      ...SAMPLE_POLICY,
      name: `Told to ${person.name}`,
      precedence: 40,
      appliesTo: [person.dn],
      ...rules,
    });
  const guardedBy = (given: object) =>
    fixture.job({ settings: { ...fixture.settings, guard: guardSettings.parse(given) } });
  /** Whether something was told to be allowed from just now on. */
  const expectNow = (time: string | undefined, asked: number) => {
    expect(Date.parse(time ?? "")).toBeGreaterThan(asked - CLOCK_MS);
    expect(Date.parse(time ?? "")).toBeLessThan(Date.now() + CLOCK_MS);
  };

  test("the domain's, for whom no others are in force", async () => {
    const person = await fixture.person();
    const before = await fixture.state(person);
    const asked = Date.now();
    const verdict = await ask(person);
    expect(verdict).toEqual({
      status: "succeeded",
      detail: {
        rules: {
          minimumLength: 8,
          complexity: true,
          namesRefused: fixture.directory.kind === "simulated",
          historyLength: 5,
          minimumAgeSeconds: 0,
          changeAllowedFrom: expect.any(String),
          resetAllowed: policyHints,
          enforcedOnReset: policyHints,
          locked: false,
          passwordFilter: undefined,
        },
      },
      directory: { server: "dc1.corp.example" },
    });
    expectNow(verdict.detail?.rules?.changeAllowedFrom, asked);
    expect(await fixture.state(person)).toEqual(before);
  });

  test("settings of one's own, and when the next change is allowed", async () => {
    const person = await fixture.person();
    const rules = { minimumLength: 16, historyLength: 24, complexity: false };
    await settingsFor(person, { ...rules, minimumAgeSeconds: DAY_MS / 1_000 });
    const { pwdLastSet } = await fixture.state(person);
    const allowed = unixMs(pwdLastSet) + DAY_MS;
    expect((await ask(person)).detail?.rules).toMatchObject({
      ...rules,
      namesRefused: false,
      minimumAgeSeconds: 86_400,
      changeAllowedFrom: new Date(allowed).toISOString(),
    });
  });

  test("who must change need not wait", async () => {
    const person = await fixture.person({ mustChange: true });
    await settingsFor(person, { minimumAgeSeconds: DAY_MS / 1_000 });
    const asked = Date.now();
    expectNow((await ask(person)).detail?.rules?.changeAllowedFrom, asked);
  });

  test("settings that the agent may not read: unknown, never the domain's", async () => {
    const account = { name: "svc-told-little", password: "Unread-Service-61!" };
    await fixture.person(account);
    const pool = fixture.newPool(account);
    const person = await fixture.person();
    await settingsFor(person, { minimumLength: 16 });
    const { detail, directory } = await ask(person, fixture.job({ pool }));
    pool.close();
    expect(detail?.rules).toMatchObject({
      minimumLength: undefined,
      complexity: undefined,
      historyLength: undefined,
      minimumAgeSeconds: undefined,
      changeAllowedFrom: undefined,
      locked: false,
    });
    expect(directory).toMatchObject({ missingRight: "read msDS-PasswordSettings" });
  });

  test("a locked account is told, and stays locked", async () => {
    const person = await fixture.person();
    await lockOut(fixture.directory, person.dn);
    expect((await ask(person)).detail?.rules).toMatchObject({ locked: true });
    expect(await fixture.bind(person, person.password)).toBe("775");
  });

  test("a filter that is known to be in place, and resets by weaker rules where allowed", async () => {
    const person = await fixture.person();
    const passwordFilter = { helpText: "No seasons, please." };
    const settings = { ...fixture.settings, passwordFilter, allowWeakerEnforcement: true };
    expect((await ask(person, fixture.job({ settings }))).detail?.rules).toMatchObject({
      passwordFilter,
      resetAllowed: true,
    });
  });

  test.each([
    ["portal", {}, {}],
    ["portal", { allowWeakerEnforcement: true }, {}],
    ["portal", {}, { portalReset: false }],
    ["admin", {}, { portalReset: false }],
    ["admin", {}, { adminReset: false }],
  ] as const)("a reset by %s goes as it was told: %j %j", async (origin, weaker, given) => {
    const person = await fixture.person();
    await settingsFor(person, { minimumAgeSeconds: DAY_MS / 1_000 });
    const settings = {
      ...fixture.settings,
      ...weaker,
      policyEnforcement: policyEnforcement.parse(given),
    };
    const { detail } = await ask(person, fixture.job({ settings }), origin);
    const reset = {
      operation: "reset",
      newPassword: "Second-Meadow-28",
      mustChange: false,
    } as const;
    const verdict = await fixture.run(person, { ...reset, origin }, fixture.job({ settings }));
    expect(detail?.rules?.resetAllowed).toBe(verdict.code !== "directoryCannotEnforcePolicy");
    if (detail?.rules?.resetAllowed)
      expect(detail.rules.enforcedOnReset).toBe(verdict.code === "passwordPolicyViolation");
  });

  test("who needs no password is held to the length that was told, by the directory too", async () => {
    const person = await fixture.person();
    const needsNone = replaceValue("userAccountControl", NEEDS_NONE);
    await fixture.administrator.modify(person.dn, needsNone);
    const { minimumLength } = (await ask(person)).detail?.rules ?? {};
    expect(minimumLength).toBe(fixture.directory.kind === "samba" ? 8 : 0);
    const change = {
      operation: "change",
      currentPassword: person.password,
      newPassword: "Aa1-xyz",
    } as const;
    expect((await fixture.run(person, change)).status).toBe(
      minimumLength === 0 ? "succeeded" : "failed",
    );
  });

  test("accounts that are never touched are refused as a write would be", async () => {
    const disabled = await fixture.person({ disabled: true });
    expect(await ask(disabled)).toMatchObject({ status: "failed", code: "accountDisabled" });
    expect(await ask(disabled, guardedBy({ rules: { disabled: "warn" } }))).toMatchObject({
      status: "succeeded",
    });
    const outside = await fixture.person({ ou: SERVICE_OU });
    expect(await ask(outside, guardedBy({ scope: { in: [STAFF_OU] } }))).toMatchObject({
      code: "accountOutOfScope",
    });
    const { target } = await fixture.person();
    const nobody = { target: { ...target, sourceAnchor: `${"A".repeat(22)}==` } };
    expect(await ask(nobody)).toMatchObject({ code: "directoryUserNotFound" });
  });

  test("the owner of a protected account, where that is allowed, and nobody else", async () => {
    const { administrator, directory } = fixture;
    const person = await fixture.person();
    await joinGroupWith(administrator, `CN=Domain Admins,CN=Users,${directory.baseDn}`, person.dn);
    const refused = { status: "failed", code: "accountProtected" };
    expect(await ask(person)).toMatchObject(refused);
    const job = () => guardedBy({ ownersMayChange: true });
    for (const origin of ["self", "portal"] as const)
      expect((await ask(person, job(), origin)).detail?.rules).toMatchObject({
        minimumLength: 8,
        resetAllowed: false,
      });
    expect(await ask(person, job(), "admin")).toMatchObject(refused);
  });

  test("while every turn of a job is taken by writes", async () => {
    const person = await fixture.person();
    let finish = (): void => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const jobs = [1, 2].map(() =>
      fixture.pool.use(
        5_000,
        async () => {},
        () => held,
      ),
    );
    expect(await ask(person)).toMatchObject({ status: "succeeded" });
    finish();
    await Promise.all(jobs);
  });
}

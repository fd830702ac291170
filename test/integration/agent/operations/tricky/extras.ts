import { guardSettings } from "../../../../../agent/directory/guard/settings.ts";
import type { NewUser } from "../../../../../local/accounts/addUser.ts";
import { replaceValue } from "../../../../../local/accounts/changes.ts";
import { addGroupWith, joinGroupWith } from "../../../../../local/accounts/groups.ts";
import type { Fault } from "../../../../../local/directory/faults.ts";
import type { SimulatedDirectory } from "../../../../../local/directory/simulatedDirectory.ts";
import { SERVICE_OU, STAFF_OU } from "../../../../../local/samples.ts";
import type { Abilities, OperationsFixture, Person } from "../fixture.ts";

const NEXT = "Second-Meadow-28";
const DISABLED = String(0x202);
const INTERDOMAIN_TRUST = String(0x800);
const MANY = 200;

/** What is beyond the twenty: between read and write, the agent's own account, many groups. */
export function describeExtras(fixture: OperationsFixture, { policyHints }: Abilities): void {
  const job = (more = {}) =>
    fixture.job({
      settings: { ...fixture.settings, allowWeakerEnforcement: !policyHints },
      ...more,
    });
  const reset = (person: Person, more = {}) =>
    fixture.run(person, { operation: "reset", newPassword: NEXT, mustChange: false }, job(more));

  test("deleted between read and write: not found, and no error of ours", async () => {
    const person = await fixture.person();
    const note = () => fixture.administrator.del(person.dn);
    expect(await reset(person, { note })).toMatchObject({
      status: "failed",
      code: "directoryUserNotFound",
      directory: { resultCode: 32 },
    });
  });

  test("disabled between read and write: the password is set, and nobody signs in", async () => {
    const person = await fixture.person();
    const control = replaceValue("userAccountControl", DISABLED);
    const note = () => fixture.administrator.modify(person.dn, control);
    expect(await reset(person, { note })).toMatchObject({ status: "succeeded" });
    expect(await fixture.bind(person, NEXT)).toBe("533");
  });

  test.each([
    ["disabled", { disabled: true }],
    ["must change its password", { mustChange: true }],
  ])("the agent's own account is %s: nothing is reached, nothing written", async (_, wishes) => {
    const name = `svc-${Object.keys(wishes)[0]?.toLowerCase()}`;
    const account = { name, password: "Own-Account-Pass-1", ou: SERVICE_OU };
    await fixture.person({ ...account, ...wishes });
    const person = await fixture.person();
    const before = await fixture.state(person);
    const pool = fixture.newPool(account);
    expect(await reset(person, { pool })).toMatchObject({
      status: "failed",
      code: "directoryUnreachable",
      directory: { resultCode: 49 },
    });
    pool.close();
    expect(await fixture.state(person)).toEqual(before);
  });

  const refusable: [string, string, Partial<NewUser>, string | undefined, object][] = [
    [
      "an account of the synchronisation",
      "accountOfSynchronisation",
      { name: "MSOL_9f" },
      "512",
      {},
    ],
    [
      "one that needs no password",
      "accountPasswordNotRequired",
      {},
      "544",
      {
        passwordNotRequired: "refuse",
      },
    ],
    [
      "one whose password never expires",
      "accountNeverExpires",
      { neverExpires: true },
      undefined,
      {
        neverExpires: "refuse",
      },
    ],
  ];
  test.each(refusable)(
    "%s: %s where it is to be refused",
    async (_, code, wishes, control, rules) => {
      const person = await fixture.person(wishes);
      if (control !== undefined)
        await fixture.administrator.modify(person.dn, replaceValue("userAccountControl", control));
      const before = await fixture.state(person);
      const settings = { ...fixture.settings, guard: guardSettings.parse({ rules }) };
      const flag = { operation: "requireChange" } as const;
      expect(await fixture.run(person, flag, fixture.job({ settings }))).toMatchObject({
        status: "failed",
        code,
      });
      expect(await fixture.state(person)).toEqual(before);
    },
  );

  test("who may not change the password is told so; a reset goes through", async () => {
    const person = await fixture.person();
    await fixture.directory.forbidChange(person.dn);
    const before = await fixture.state(person);
    const change = {
      operation: "change",
      currentPassword: person.password,
      newPassword: NEXT,
    } as const;
    const seen: string[] = [];
    const guarded = (event: string, rules: string) => seen.push(`${event} ${rules}`);
    expect(await fixture.run(person, change, job({ guarded }))).toMatchObject({
      status: "failed",
      code: "changeNotAllowed",
      directory: { server: expect.any(String) },
    });
    expect(seen).toEqual(["accountRefused changeDenied"]);
    const asked = { operation: "passwordRules", origin: "self" } as const;
    expect(await fixture.run(person, asked, job())).toMatchObject({ code: "changeNotAllowed" });
    const guard = guardSettings.parse({ rules: { changeDenied: "allow" } });
    const settings = { ...fixture.settings, guard };
    expect(await fixture.run(person, change, fixture.job({ settings }))).toMatchObject({
      code: "changeNotAllowed",
      directory: { resultCode: 19 },
    });
    expect(await fixture.state(person)).toEqual(before);
    expect(await reset(person, { guarded })).toMatchObject({ status: "succeeded" });
    expect(seen.slice(1)).toEqual(["accountWarned resetThoughDenied"]);
  });
}

/** Faults and sizes that only the simulated directory can be given. */
export function describeSimulatedExtras(
  fixture: OperationsFixture,
  { policyHints }: Abilities,
): void {
  const reset = (person: Person) =>
    fixture.run(
      person,
      { operation: "reset", newPassword: NEXT, mustChange: false },
      fixture.job({ settings: { ...fixture.settings, allowWeakerEnforcement: !policyHints } }),
    );

  const definite: [string, Fault, string][] = [
    ["busy", { kind: "refuse", code: 51 }, "directoryUnreachable"],
    ["unavailable", { kind: "refuse", code: 52 }, "directoryUnreachable"],
    [
      "a referral",
      { kind: "refuse", code: 10, referrals: ["ldaps://dc9.elsewhere.example/"] },
      "directoryReferral",
    ],
    ["an unknown refusal", { kind: "refuse", code: 80 }, "directoryRefused"],
  ];
  test.each(definite)("the write is answered with %s: nothing written", async (_, fault, code) => {
    const { faults } = fixture.directory as SimulatedDirectory;
    const person = await fixture.person();
    const before = await fixture.state(person);
    faults.next("modify", fault);
    expect(await reset(person)).toMatchObject({ status: "failed", code });
    expect(await fixture.state(person)).toEqual(before);
  });

  const lost: [string, boolean, Fault][] = [
    ["a notice of disconnection", false, { kind: "disconnect", code: 52, applied: false }],
    ["a notice of disconnection", true, { kind: "disconnect", code: 52, applied: true }],
    ["a reset connection", false, { kind: "drop", applied: false }],
    ["a reset connection", true, { kind: "drop", applied: true }],
  ];
  test.each(lost)("%s instead of an answer, applied: %s: one effect", async (_, applied, fault) => {
    const { faults } = fixture.directory as SimulatedDirectory;
    const person = await fixture.person();
    const { keyVersion } = await fixture.state(person);
    faults.next("modify", fault);
    const verdict = await reset(person);
    // What took effect is seen by looking; what did not is sent again, once and under a condition.
    expect(verdict.status).toBe(applied ? "unknown" : "succeeded");
    if (!applied) expect(verdict.directory).toMatchObject({ resent: true });
    expect((await fixture.state(person)).keyVersion).toBe(keyVersion + 1);
    expect(await fixture.bind(person, NEXT)).toBe("ok");
  });

  test("the account of a trust is nobody's", async () => {
    const person = await fixture.person();
    const control = replaceValue("userAccountControl", INTERDOMAIN_TRUST);
    await fixture.administrator.modify(person.dn, control);
    const before = await fixture.state(person);
    expect(await reset(person)).toMatchObject({ status: "failed", code: "accountTrust" });
    expect(await fixture.state(person)).toEqual(before);
  });

  test(`in ${MANY} groups, the last of which is an administrators': refused`, async () => {
    const { administrator, directory } = fixture;
    const person = await fixture.person();
    for (let at = 0; at < MANY; at += 1)
      await addGroupWith(administrator, `many${at}`, STAFF_OU, [person.dn]);
    expect(await reset(person)).toMatchObject({ status: "succeeded" });
    const admins = `CN=Account Operators,CN=Builtin,${directory.baseDn}`;
    await joinGroupWith(administrator, admins, `CN=many${MANY - 1},${STAFF_OU}`);
    expect(await reset(person)).toMatchObject({ status: "failed", code: "accountProtected" });
  });
}

import { setTimeout as sleep } from "node:timers/promises";
import { lockOut } from "../../../../../local/accounts/lockOut.ts";
import { resetPassword } from "../../../../../local/accounts/passwordChanges.ts";
import { addPasswordSettingsWith } from "../../../../../local/accounts/passwordSettings.ts";
import { LOCKED_OUT } from "../../../../../local/accounts/readUser.ts";
import type { Condition } from "../../../../../local/directory/domain/condition.ts";
import type { SimulatedDirectory } from "../../../../../local/directory/simulatedDirectory.ts";
import { SAMPLE_POLICY } from "../../../../../local/seed.ts";
import { DirectoryProxy } from "../../directoryProxy.ts";
import type { Abilities, OperationsFixture, Person } from "../fixture.ts";
import { poolOf } from "./agents.ts";

const NEXT = "Second-Meadow-28";
const DEADLINE_MS = 20_000;

/** Cases 18 to 20: lockouts, and how the controller stands. */
export function describeStanding(
  fixture: OperationsFixture,
  { policyHints, switchable }: Abilities & { readonly switchable: boolean },
): void {
  const job = (more = {}) =>
    fixture.job({
      settings: { ...fixture.settings, allowWeakerEnforcement: !policyHints },
      ...more,
    });
  const reset = (person: Person, more = {}, mustChange = false) =>
    fixture.run(person, { operation: "reset", newPassword: NEXT, mustChange }, job(more));
  const unlock = (person: Person) => fixture.run(person, { operation: "unlock" });

  test("18 locked: a bare reset leaves it so, ours does not, an unlock tells it", async () => {
    const person = await fixture.person();
    await lockOut(fixture.directory, person.dn);
    await fixture.administrator.modify(person.dn, resetPassword("Bare-Reset-40"));
    expect(await fixture.bind(person, "Bare-Reset-40")).toBe("775");
    expect(await reset(person)).toMatchObject({ detail: { wasLocked: true } });
    expect(await fixture.bind(person, NEXT)).toBe("ok");
    await lockOut(fixture.directory, person.dn);
    expect(await unlock(person)).toMatchObject({ detail: { wasLocked: true } });
    expect(await fixture.bind(person, NEXT)).toBe("ok");
  });

  test("18 a lockout that has run out by itself is none, whatever lockoutTime says", async () => {
    const person = await fixture.person();
    await addPasswordSettingsWith(fixture.administrator, fixture.directory.baseDn, {
      ...SAMPLE_POLICY,
      name: `Locks ${person.name} for a second`,
      precedence: 30,
      appliesTo: [person.dn],
      lockoutThreshold: 1,
      lockoutSeconds: 1,
    });
    expect(await fixture.bind(person, "not-the-password")).toBe("52e");
    const end = Date.now() + DEADLINE_MS;
    while (((await fixture.state(person)).computed & LOCKED_OUT) !== 0) {
      if (Date.now() > end) throw new Error("locked for ever");
      await sleep(50);
    }
    expect((await fixture.state(person)).lockoutTime).toBeGreaterThan(0n);
    expect(await unlock(person)).toMatchObject({
      status: "succeeded",
      detail: { wasLocked: false },
    });
  });

  test("20 idle until the directory hung up: bound anew before it writes", async () => {
    const proxy = await DirectoryProxy.start(fixture.directory);
    const pool = poolOf(fixture, proxy.seen(fixture.directory));
    const person = await fixture.person();
    expect(await fixture.probe(fixture.job({ pool }))).toMatchObject({ status: "succeeded" });
    proxy.cut();
    expect(await reset(person, { pool })).toMatchObject({ status: "succeeded" });
    pool.close();
    await proxy.stop();
  });

  test("20 a certificate for another name: nobody is bound, nothing is written", async () => {
    const person = await fixture.person();
    const before = await fixture.state(person);
    const other = { ...fixture.directory, servername: "dc9.corp.example" };
    const pool = poolOf(fixture, other);
    expect(await reset(person, { pool })).toMatchObject({
      status: "failed",
      code: "directoryUnreachable",
    });
    pool.close();
    expect(await fixture.state(person)).toEqual(before);
  });

  if (!switchable) return;

  /** Another standing of the controller for the time of an action. */
  async function standing<T>(change: Partial<Condition>, action: () => Promise<T>): Promise<T> {
    const { condition } = fixture.directory as SimulatedDirectory;
    const usual = { ...condition };
    Object.assign(condition, change);
    try {
      return await action();
    } finally {
      Object.assign(condition, usual);
    }
  }

  test("7 a controller forgets the hints (Samba cannot): no unenforced write", async () => {
    const person = await fixture.person();
    const before = await fixture.state(person);
    const request = { operation: "reset", newPassword: NEXT, mustChange: false } as const;
    const refused = { status: "failed", code: "directoryCannotEnforcePolicy" };
    const { condition } = fixture.directory as SimulatedDirectory;
    // Known when the connection was made, gone at the write: the control is critical.
    const note = async () => {
      condition.policyHints = [];
    };
    await standing({}, async () => {
      expect(await fixture.run(person, request, fixture.job({ note }))).toMatchObject(refused);
      const pool = fixture.newPool();
      expect(await fixture.run(person, request, fixture.job({ pool }))).toMatchObject(refused);
      pool.close();
    });
    expect(await fixture.state(person)).toEqual(before);
  });

  test.each([
    ["pwdlastset", "agentLacksReadPwdLastSet"],
    ["useraccountcontrol", "protectionUnknown"],
    ["tokengroups", "protectionUnknown"],
  ])("%s hidden from the agent's account: %s, and nothing is written", async (attribute, code) => {
    const person = await fixture.person();
    const before = await fixture.state(person);
    const verdict = await standing({ concealed: [attribute] }, () => reset(person));
    expect(verdict).toMatchObject({ status: "failed", code });
    expect(await fixture.state(person)).toEqual(before);
  });

  test("20 a read-only controller (Samba: none here) is not written to", async () => {
    const { counters } = fixture.directory as SimulatedDirectory;
    const person = await fixture.person();
    const before = await fixture.state(person);
    const { modifies } = counters;
    const pool = fixture.newPool();
    const verdict = await standing({ readOnly: true }, () => reset(person, { pool }));
    pool.close();
    expect(verdict).toMatchObject({ status: "failed", code: "directoryNotWritable" });
    expect(counters.modifies).toBe(modifies);
    expect(await fixture.state(person)).toEqual(before);
  });
}

/** Case 19, which cannot be undone: the last of a suite. */
export function describeWithoutUnexpire(
  fixture: OperationsFixture,
  { policyHints }: Abilities,
): void {
  test("19 without Unexpire Password: no password that must be changed at once", async () => {
    const person = await fixture.person();
    await fixture.directory.withholdUnexpire();
    const before = await fixture.state(person);
    const settings = { ...fixture.settings, allowWeakerEnforcement: !policyHints };
    const lacking = {
      status: "failed",
      code: "agentLacksUnexpirePassword",
      directory: { resultCode: 50, missingRight: "Unexpire-Password" },
    };
    const reset = { operation: "reset", newPassword: NEXT, mustChange: false } as const;
    const { password: currentPassword } = person;
    const change = { operation: "change", currentPassword, newPassword: NEXT } as const;
    // One that has not seen the right a moment ago: for a minute that would be believed.
    const pool = fixture.newPool();
    for (const wish of [reset, change])
      expect(await fixture.run(person, wish, fixture.job({ settings, pool }))).toMatchObject(
        lacking,
      );
    pool.close();
    expect(await fixture.state(person)).toEqual(before);
    const unlock = { operation: "unlock" } as const;
    expect(await fixture.run(person, unlock)).toMatchObject({ status: "succeeded" });
    const require = { operation: "requireChange" } as const;
    expect(await fixture.run(person, require)).toMatchObject({ status: "succeeded" });
  });
}

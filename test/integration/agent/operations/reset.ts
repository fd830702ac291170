import { compareAndSet, setPassword } from "../../../../agent/directory/changes.ts";
import { findAccount } from "../../../../agent/directory/findAccount.ts";
import { policyHints } from "../../../../agent/directory/policyHints.ts";
import { write } from "../../../../agent/directory/write.ts";
import { lockOut } from "../../../../local/accounts/lockOut.ts";
import type { OperationsFixture, Person } from "./fixture.ts";

const NEXT = "Second-Meadow-28";

/** Resets on a directory that can apply history to them. */
export function describeReset(fixture: OperationsFixture): void {
  const reset = (person: Person, newPassword = NEXT, mustChange = false) =>
    fixture.run(person, { operation: "reset", newPassword, mustChange });

  test("the new password counts at once, and the account is no longer locked", async () => {
    const person = await fixture.person();
    await lockOut(fixture.directory, person.dn);
    const { keyVersion: keyVersionBefore } = await fixture.state(person);
    const verdict = await reset(person);
    const { keyVersion: keyVersionAfter } = await fixture.state(person);
    expect(verdict).toEqual({
      status: "succeeded",
      detail: { wasLocked: true },
      directory: {
        ...{ server: "dc1.corp.example", policyEnforced: true },
        ...{ keyVersionBefore, keyVersionAfter },
      },
    });
    expect(await fixture.bind(person, NEXT)).toBe("ok");
    expect((await fixture.state(person)).lockoutTime).toBe(0n);
  });

  test("must change is set where it was asked for", async () => {
    const person = await fixture.person();
    expect(await reset(person, NEXT, true)).toMatchObject({
      status: "succeeded",
      detail: { wasLocked: false, mustChangeApplied: true },
      directory: { policyEnforced: true },
    });
    expect(await fixture.bind(person, NEXT)).toBe("773");
  });

  test("someone who must change already can be reset, and need not any more", async () => {
    const person = await fixture.person({ mustChange: true });
    expect(await reset(person)).toMatchObject({ status: "succeeded" });
    expect(await fixture.bind(person, NEXT)).toBe("ok");
  });

  test.each([
    ["short", "Ab-1"],
    ["simple", "onlylowercase"],
    ["the current one", "First-Harbour-17"],
  ])("a password that is %s is refused, with nothing changed", async (_, newPassword) => {
    const person = await fixture.person();
    await lockOut(fixture.directory, person.dn);
    const before = await fixture.state(person);
    expect(await reset(person, newPassword, true)).toMatchObject({
      status: "failed",
      code: "passwordPolicyViolation",
      directory: { win32: "0000052D", policyEnforced: true },
    });
    expect(await fixture.state(person)).toEqual(before);
  });

  test("an older password is refused as well", async () => {
    const person = await fixture.person();
    await reset(person, NEXT);
    await reset(person, "Third-Mountain-39");
    expect(await reset(person, NEXT)).toMatchObject({ code: "passwordPolicyViolation" });
  });

  test("a password that somebody set since the account was read is not reverted", async () => {
    const person = await fixture.person();
    const { pool, settings } = fixture;
    const verdict = await pool.use(
      1_000,
      (connection) => findAccount(connection, person.target, settings),
      async (connection, account) => {
        await fixture.administrator.modify(person.dn, setPassword("Newer-Password-40"));
        const hints = policyHints(connection.rootDse);
        return write(
          connection,
          { expired: () => false },
          {
            operation: "reset",
            account,
            changes: [setPassword(NEXT), ...compareAndSet(account.pwdLastSet ?? 0n, "-1")],
            controls: hints ? [hints] : [],
          },
        );
      },
    );
    expect(verdict).toMatchObject({
      status: "failed",
      code: "superseded",
      directory: { resultCode: 16, win32: "00002085" },
    });
    expect(await fixture.bind(person, "Newer-Password-40")).toBe("ok");
  });
}

/** Resets on a directory that cannot. */
export function describeResetWithoutHints(fixture: OperationsFixture): void {
  const request = { operation: "reset", newPassword: NEXT, mustChange: false } as const;

  test("refused before anything is written", async () => {
    const person = await fixture.person();
    const before = await fixture.state(person);
    expect(await fixture.run(person, request)).toEqual({
      status: "failed",
      code: "directoryCannotEnforcePolicy",
      directory: { server: "dc1.corp.example" },
    });
    expect(await fixture.state(person)).toEqual(before);
  });

  test("done where the administrator allows it, and reported as not enforced", async () => {
    const person = await fixture.person();
    const settings = { ...fixture.settings, allowWeakerEnforcement: true };
    const verdict = await fixture.run(
      person,
      { ...request, mustChange: true },
      fixture.job({ settings }),
    );
    expect(verdict).toEqual({
      status: "succeeded",
      detail: { wasLocked: false, mustChangeApplied: true },
      directory: {
        ...{ server: "dc1.corp.example", policyEnforced: false },
        ...{ keyVersionBefore: expect.any(Number), keyVersionAfter: expect.any(Number) },
      },
    });
    expect(await fixture.bind(person, NEXT)).toBe("773");
  });
}

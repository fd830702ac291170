import { addMachineWith } from "../../../local/accounts/addMachine.ts";
import { addUserWith } from "../../../local/accounts/addUser.ts";
import { connect } from "../../../local/accounts/connect.ts";
import {
  changePassword,
  compareAndSet,
  resetPassword,
  unlock,
} from "../../../local/accounts/passwordChanges.ts";
import { readUserWith } from "../../../local/accounts/readUser.ts";
import type { LocalDirectory } from "../../../local/localDirectory.ts";
import { SERVICE_OU, STAFF_OU } from "../../../local/samples.ts";
import type { DirectoryFixture } from "./fixture.ts";
import { refusalOf } from "./refusal.ts";

const NEXT = "Second-Tide-28";
const NO_WRITE = { code: 50, win32: "00002098" };
const MACHINES = ["computer", "msDS-GroupManagedServiceAccount"] as const;

/** Where rights that were delegated, or that everybody has, do not reach. */
export function describeDenials(
  fixture: DirectoryFixture,
  start: () => Promise<LocalDirectory>,
): void {
  const { expectations } = fixture;

  describe("denials", () => {
    test("who may not change the password is refused, and can still be reset", async () => {
      const person = await fixture.person();
      await fixture.directory.forbidChange(person.dn);
      const before = await fixture.state(person);
      const attempt = fixture.service.modify(person.target, changePassword(person.password, NEXT));
      expect(await refusalOf(attempt)).toEqual(expectations.changeForbidden);
      expect(await fixture.state(person)).toEqual(before);
      await fixture.service.modify(person.target, resetPassword(NEXT));
      expect(await fixture.bind(person, NEXT)).toBe("ok");
    });

    test("delegated rights do not reach a protected account", async () => {
      const person = await fixture.person();
      await fixture.directory.protect(person.dn);
      const before = await fixture.state(person);
      const reset = fixture.service.modify(person.target, resetPassword(NEXT));
      expect(await refusalOf(reset)).toEqual(expectations.resetWithoutRight);
      expect(await refusalOf(fixture.service.modify(person.target, unlock()))).toEqual(NO_WRITE);
      const mark = compareAndSet(before.pwdLastSet, 0);
      expect(await refusalOf(fixture.service.modify(person.target, mark))).toEqual(NO_WRITE);
      expect(await fixture.state(person)).toEqual(before);
      await fixture.administrator.modify(person.target, resetPassword(NEXT));
      expect(await fixture.bind(person, NEXT)).toBe("ok");
    });

    test("whoever knows a protected account's password may change it, on Windows", async () => {
      const person = await fixture.person();
      await fixture.directory.protect(person.dn);
      const attempt = fixture.service.modify(person.target, changePassword(person.password, NEXT));
      if (!expectations.ownersOfProtectedMayChange)
        expect(await refusalOf(attempt)).toEqual(expectations.changeForbidden);
      else await attempt;
      const holds = expectations.ownersOfProtectedMayChange ? NEXT : person.password;
      expect(await fixture.bind(person, holds)).toBe("ok");
    });

    test.each(MACHINES)("rights on users are none on a %s among them", async (className) => {
      const name = `machine${MACHINES.indexOf(className)}`;
      const account = await addMachineWith(fixture.administrator, {
        name,
        ou: STAFF_OU,
        className,
      });
      const dn = `CN=${name},${STAFF_OU}`;
      const state = () => readUserWith(fixture.administrator, fixture.directory.baseDn, account);
      const before = await state();
      const attempt = fixture.service.modify(dn, resetPassword(NEXT));
      expect(await refusalOf(attempt)).toEqual(expectations.resetWithoutRight);
      expect(await refusalOf(fixture.service.modify(dn, unlock()))).toEqual(NO_WRITE);
      expect(await state()).toEqual(before);
    });

    describe("without Unexpire Password on the head of the domain", () => {
      test("a valid password cannot be promised, only one that must be changed", async () => {
        const directory = await start();
        const administrator = await connect(directory, directory.administrator);
        const account = { name: "svc-unexpire", password: "Service-Account-91" };
        const { baseDn } = directory;
        await administrator.add(SERVICE_OU, { objectClass: "organizationalUnit" });
        await administrator.add(STAFF_OU, { objectClass: "organizationalUnit" });
        const { dn } = await addUserWith(administrator, baseDn, { ...account, ou: SERVICE_OU });
        await directory.delegate(account.name, STAFF_OU);
        const user = { name: "tess", password: "First-Harbour-17" };
        const person = await addUserWith(administrator, baseDn, user);
        await directory.withholdUnexpire();
        const service = await connect(directory, { dn, password: account.password });
        const state = () => readUserWith(administrator, baseDn, "tess");

        const before = await state();
        const now = [...resetPassword(NEXT), ...compareAndSet(before.pwdLastSet, -1)];
        const attempt = service.modify(person.dn, now);
        expect(await refusalOf(attempt)).toEqual(expectations.unexpireMissing);
        expect(await state()).toEqual(before);

        await service.modify(person.dn, resetPassword(NEXT));
        const age = (await state()).pwdLastSet;
        expect(age === 0n).toBe(expectations.resetExpiresWithoutUnexpire);
        const flagged = [...resetPassword("Third-Tide-39"), ...compareAndSet(age, 0)];
        await service.modify(person.dn, flagged);
        expect((await state()).pwdLastSet).toBe(0n);

        for (const client of [service, administrator]) await client.unbind();
        await directory.stop();
      });
    });
  });
}

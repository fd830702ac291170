import { replaceValue } from "../../../local/accounts/changes.ts";
import { lockOut } from "../../../local/accounts/lockOut.ts";
import { compareAndSet, unlock } from "../../../local/accounts/passwordChanges.ts";
import { LOCKED_OUT, PASSWORD_EXPIRED } from "../../../local/accounts/readUser.ts";
import type { DirectoryFixture } from "./fixture.ts";
import { refusalOf } from "./refusal.ts";

const POLL_MS = 20;

export function describeUnlock(fixture: DirectoryFixture): void {
  describe("unlock", () => {
    test("ends a lockout and forgets the wrong passwords", async () => {
      const person = await fixture.person();
      await lockOut(fixture.directory, person.dn);
      const locked = await fixture.state(person);
      expect(locked.computed & LOCKED_OUT).toBe(LOCKED_OUT);
      expect(locked.lockoutTime).toBeGreaterThan(0n);
      await fixture.service.modify(person.target, unlock());
      const free = await fixture.state(person);
      expect(free).toMatchObject({ computed: 0, lockoutTime: 0n, badPwdCount: 0 });
      expect(free.keyVersion).toBe(locked.keyVersion);
      expect(await fixture.bind(person, person.password)).toBe("ok");
    });

    test("of an account that is not locked changes nothing", async () => {
      const person = await fixture.person();
      await fixture.service.modify(person.target, unlock());
      expect(await fixture.bind(person, person.password)).toBe("ok");
    });

    test("comes by itself after the duration; the stale time stays", async () => {
      const person = await fixture.person();
      await fixture.withPolicy({ lockoutSeconds: 1, lockoutThreshold: 2 }, async () => {
        await fixture.bind(person, "Wrong-Password-99");
        await fixture.bind(person, "Wrong-Password-99");
        expect((await fixture.state(person)).computed).toBe(LOCKED_OUT);
        const end = Date.now() + 5_000;
        let state = await fixture.state(person);
        while (state.computed !== 0 && Date.now() < end) {
          await new Promise((resolve) => setTimeout(resolve, POLL_MS));
          state = await fixture.state(person);
        }
        expect(state.computed).toBe(0);
        expect(state.lockoutTime).toBeGreaterThan(0n);
        expect(await fixture.bind(person, person.password)).toBe("ok");
      });
    });
  });

  describe("require change", () => {
    test("makes the next sign-in ask for a change; -1 takes it back", async () => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      await fixture.service.modify(person.target, compareAndSet(before.pwdLastSet, 0));
      const due = await fixture.state(person);
      expect(due).toMatchObject({ pwdLastSet: 0n, computed: PASSWORD_EXPIRED });
      expect(due.keyVersion).toBe(before.keyVersion);
      expect(await fixture.bind(person, person.password)).toBe("773");
      await fixture.service.modify(person.target, compareAndSet(0n, -1));
      expect(await fixture.bind(person, person.password)).toBe("ok");
    });

    test("-1 leaves the time of a password that is not due", async () => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      await fixture.service.modify(person.target, replaceValue("pwdLastSet", "-1"));
      expect((await fixture.state(person)).pwdLastSet).toBe(before.pwdLastSet);
    });

    test.each(["1", "132000000000000000", "-2"])("takes no other value: %s", async (value) => {
      const person = await fixture.person();
      const attempt = fixture.service.modify(person.target, replaceValue("pwdLastSet", value));
      expect(await refusalOf(attempt)).toEqual({ code: 80, win32: "00000057" });
    });
  });
}

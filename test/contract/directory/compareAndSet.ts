import type { Change } from "ldapts";
import {
  changePassword,
  compareAndSet,
  resetPassword,
  unlock,
} from "../../../local/accounts/passwordChanges.ts";
import { PolicyHints } from "../../../local/accounts/policyHints.ts";
import type { DirectoryFixture, Person } from "./fixture.ts";
import { type Refusal, refusalOf } from "./refusal.ts";

const NEXT = "Second-Tide-28";
const SUPERSEDED: Refusal = { code: 16, win32: "00002085" };

export function describeCompareAndSet(fixture: DirectoryFixture): void {
  const write = (person: Person, changes: Change[]): Promise<void> =>
    fixture.service.modify(person.target, changes);

  describe("compare-and-set on pwdLastSet", () => {
    test.each([
      { what: "reset", next: -1, bind: "ok" },
      { what: "reset with must change", next: 0, bind: "773" },
    ] as const)("$what: applied once, its replay refused", async ({ next, bind }) => {
      const person = await fixture.person();
      const { pwdLastSet } = await fixture.state(person);
      const changes = [...resetPassword(NEXT), ...compareAndSet(pwdLastSet, next), ...unlock()];
      await write(person, changes);
      const applied = await fixture.state(person);
      expect(await fixture.bind(person, NEXT)).toBe(bind);
      expect(await refusalOf(write(person, changes))).toEqual(SUPERSEDED);
      expect(await fixture.state(person)).toEqual(applied);
    });

    test("change: its replay refused before the current password is looked at", async () => {
      const person = await fixture.person();
      const { pwdLastSet } = await fixture.state(person);
      const changes = [...changePassword(person.password, NEXT), ...compareAndSet(pwdLastSet, -1)];
      await write(person, changes);
      expect(await refusalOf(write(person, changes))).toEqual(SUPERSEDED);
      expect((await fixture.state(person)).badPwdCount).toBe(0);
      expect(await fixture.bind(person, NEXT)).toBe("ok");
    });

    test("from 0 to -1: applied once", async () => {
      const person = await fixture.person({ mustChange: true });
      const changes = [...resetPassword(NEXT), ...compareAndSet(0n, -1)];
      await write(person, changes);
      expect(await fixture.bind(person, NEXT)).toBe("ok");
      expect(await refusalOf(write(person, changes))).toEqual(SUPERSEDED);
    });

    test("the order of the parts does not matter", async () => {
      const person = await fixture.person();
      const { pwdLastSet } = await fixture.state(person);
      await write(person, [...compareAndSet(pwdLastSet, -1), ...resetPassword(NEXT)]);
      expect(await fixture.bind(person, NEXT)).toBe("ok");
    });

    test("a stale value wins over a bad password", async () => {
      const person = await fixture.person();
      const { pwdLastSet } = await fixture.state(person);
      const changes = [...resetPassword("weak"), ...compareAndSet(pwdLastSet - 1n, -1)];
      expect(await refusalOf(write(person, changes))).toEqual(SUPERSEDED);
    });

    /** With the control where the directory knows it: there history and age count as well. */
    const hinted = (person: Person, changes: Change[]): Promise<void> => {
      const controls = fixture.expectations.policyHints ? [new PolicyHints()] : [];
      return fixture.service.modify(person.target, changes, controls);
    };

    test.each([
      { what: "short", password: "Ab-1" },
      { what: "simple", password: "onlylowercase" },
      { what: "the current one", password: "First-Harbour-17" },
    ])("with policy hints a stale value wins over a password that is $what", async (given) => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      const stale = compareAndSet(before.pwdLastSet - 1n, -1);
      const attempt = hinted(person, [...resetPassword(given.password), ...stale, ...unlock()]);
      expect(await refusalOf(attempt)).toEqual(SUPERSEDED);
      expect(await fixture.state(person)).toEqual(before);
    });

    test("with policy hints the replay of an applied reset is told from a refused password", async () => {
      const person = await fixture.person();
      const { pwdLastSet } = await fixture.state(person);
      const changes = [...resetPassword(NEXT), ...compareAndSet(pwdLastSet, -1), ...unlock()];
      await hinted(person, changes);
      const applied = await fixture.state(person);
      expect(await refusalOf(hinted(person, changes))).toEqual(SUPERSEDED);
      expect(await fixture.state(person)).toEqual(applied);
    });

    test("a bad password leaves the value as it was", async () => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      const changes = [...resetPassword("weak"), ...compareAndSet(before.pwdLastSet, 0)];
      const { win32 } = await refusalOf(write(person, changes));
      expect(win32).toBe("0000052D");
      expect(await fixture.state(person)).toEqual(before);
    });

    test("of two at the same time exactly one succeeds", async () => {
      const person = await fixture.person();
      const { pwdLastSet } = await fixture.state(person);
      const other = await fixture.openService();
      const passwords = ["Second-Tide-28", "Third-Window-39"] as const;
      const [one, two] = await Promise.allSettled([
        write(person, [...resetPassword(passwords[0]), ...compareAndSet(pwdLastSet, -1)]),
        other.modify(person.target, [
          ...resetPassword(passwords[1]),
          ...compareAndSet(pwdLastSet, -1),
        ]),
      ]);
      await other.unbind();
      const winner = one.status === "fulfilled" ? passwords[0] : passwords[1];
      const loser = one.status === "fulfilled" ? two : one;
      expect([one.status, two.status].sort()).toEqual(["fulfilled", "rejected"]);
      if (loser.status === "rejected") {
        expect(await refusalOf(Promise.reject(loser.reason))).toEqual(SUPERSEDED);
      }
      expect(await fixture.bind(person, winner)).toBe("ok");
    });

    test("alone: a probe with a wrong value is refused and changes nothing", async () => {
      const { dn, objectGuid } = fixture.users.get("svc-canary") ?? (await fixture.person());
      const canary = { ...(await fixture.person()), dn, objectGuid };
      const before = await fixture.state(canary);
      expect(before.pwdLastSet).toBeGreaterThan(0n);
      const probe = fixture.service.modify(dn, compareAndSet(before.pwdLastSet - 1n, -1));
      expect(await refusalOf(probe)).toEqual(SUPERSEDED);
      expect(await fixture.state(canary)).toEqual(before);
    });
  });
}

import { addUserWith } from "../../../local/accounts/addUser.ts";
import { replaceValue } from "../../../local/accounts/changes.ts";
import { connect } from "../../../local/accounts/connect.ts";
import { compareAndSet, resetPassword, unlock } from "../../../local/accounts/passwordChanges.ts";
import { DELEGATED_RIGHTS, type DelegatedRight } from "../../../local/localDirectory.ts";
import { SERVICE_OU, STAFF_OU } from "../../../local/samples.ts";
import type { DirectoryFixture } from "./fixture.ts";
import { refusalOf } from "./refusal.ts";

const NEXT = "Second-Tide-28";
const NO_WRITE = { code: 50, win32: "00002098" };

export function describeRights(fixture: DirectoryFixture): void {
  const operations = {
    resetPassword: () => resetPassword(NEXT),
    lockoutTime: unlock,
    pwdLastSet: () => [replaceValue("pwdLastSet", "0")],
  } satisfies Record<DelegatedRight, () => unknown>;
  const refused = (right: DelegatedRight) =>
    right === "resetPassword" ? fixture.expectations.resetWithoutRight : NO_WRITE;

  /** A service account of one's own that lacks some rights on the staff. */
  const serviceWith = async (name: string, rights: readonly DelegatedRight[]) => {
    const password = "Limited-Service-73";
    const account = { name, password, ou: SERVICE_OU };
    const { dn } = await addUserWith(fixture.administrator, fixture.directory.baseDn, account);
    if (rights.length > 0) await fixture.directory.delegate(name, STAFF_OU, rights);
    return connect(fixture.directory, { dn, password });
  };

  describe("rights", () => {
    test.each(DELEGATED_RIGHTS)("outside the delegation there is none: %s", async (right) => {
      const person = await fixture.person({ ou: SERVICE_OU });
      const before = await fixture.state(person);
      const attempt = fixture.service.modify(person.target, operations[right]());
      expect(await refusalOf(attempt)).toEqual(refused(right));
      expect(await fixture.state(person)).toEqual(before);
    });

    test.each(DELEGATED_RIGHTS)("each is given by itself: all but %s", async (missing) => {
      const rights = DELEGATED_RIGHTS.filter((right) => right !== missing);
      const client = await serviceWith(`svc-no-${missing.toLowerCase()}`.slice(0, 20), rights);
      const person = await fixture.person();
      const attempt = client.modify(person.target, operations[missing]());
      expect(await refusalOf(attempt)).toEqual(refused(missing));
      for (const right of rights) await client.modify(person.target, operations[right]());
      await client.unbind();
    });

    test("one that is missing takes the whole modify with it", async () => {
      const client = await serviceWith("svc-reset-only", ["resetPassword"]);
      const person = await fixture.person();
      const before = await fixture.state(person);
      for (const more of [unlock(), compareAndSet(before.pwdLastSet, -1)]) {
        const attempt = client.modify(person.target, [...resetPassword(NEXT), ...more]);
        expect((await refusalOf(attempt)).code).toBe(50);
      }
      expect(await fixture.state(person)).toEqual(before);
      await client.unbind();
    });

    test("is asked before the password is looked at", async () => {
      const person = await fixture.person({ ou: SERVICE_OU });
      const attempt = fixture.service.modify(person.target, resetPassword("weak"));
      expect(await refusalOf(attempt)).toEqual(fixture.expectations.resetWithoutRight);
    });

    test("covers nothing else of the user", async () => {
      const person = await fixture.person();
      const attempt = fixture.service.modify(person.target, replaceValue("description", "x"));
      expect(await refusalOf(attempt)).toEqual(NO_WRITE);
    });

    test("does not cover the administrator", async () => {
      const { dn } = fixture.directory.administrator;
      const attempt = fixture.service.modify(dn, resetPassword(NEXT));
      expect(await refusalOf(attempt)).toEqual(fixture.expectations.resetWithoutRight);
    });
  });
}

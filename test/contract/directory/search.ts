import { randomBytes } from "node:crypto";
import { EqualityFilter, type SearchOptions } from "ldapts";
import { replaceValue } from "../../../local/accounts/changes.ts";
import { guidDn } from "../../../local/accounts/identifiers.ts";
import { LOCKED_OUT, PASSWORD_EXPIRED, readUser } from "../../../local/accounts/readUser.ts";
import { bytesOf, textsOf } from "../../../local/accounts/values.ts";
import { SAMPLE_USERS, SERVICE_OU, STAFF_OU } from "../../../local/samples.ts";
import type { DirectoryFixture } from "./fixture.ts";
import { refusalOf } from "./refusal.ts";

const BINARY = ["objectGUID", "objectSid", "mS-DS-ConsistencyGuid"];
const FILETIME_UNIX_EPOCH = 116_444_736_000_000_000n;
const sourceAnchor = (): string => randomBytes(16).toString("base64");

export function describeSearch(fixture: DirectoryFixture): void {
  const find = async (attribute: string, value: Buffer | string, options: SearchOptions = {}) => {
    const filter = new EqualityFilter({ attribute, value });
    const base = fixture.directory.baseDn;
    return (await fixture.service.search(base, { scope: "sub", filter, ...options })).searchEntries;
  };

  describe("search", () => {
    test.each(BINARY)("finds exactly one user by %s in bytes", async (attribute) => {
      const person = await fixture.person({ sourceAnchor: sourceAnchor() });
      const { searchEntries } = await fixture.service.search(person.target, {
        scope: "base",
        attributes: BINARY,
        explicitBufferAttributes: BINARY,
      });
      const value = searchEntries[0] ? bytesOf(searchEntries[0], attribute) : Buffer.alloc(0);
      expect(value.length).toBeGreaterThanOrEqual(16);
      expect((await find(attribute, value)).map((entry) => entry.dn)).toEqual([person.dn]);
    });

    test("the sample's source anchor is the one in the cloud", async () => {
      const alex = SAMPLE_USERS[0];
      const entries = await find(
        "mS-DS-ConsistencyGuid",
        Buffer.from(alex?.sourceAnchor ?? "", "base64"),
      );
      expect(entries.map((entry) => entry.dn)).toEqual([fixture.users.get("alex")?.dn]);
    });

    test("finds by UPN in any case, and by sAMAccountName", async () => {
      const person = await fixture.person();
      for (const entries of [
        await find("userPrincipalName", person.userPrincipalName.toUpperCase()),
        await find("sAMAccountName", person.name),
      ]) {
        expect(entries.map((entry) => entry.dn)).toEqual([person.dn]);
      }
    });

    test("returns both of two that share a source anchor", async () => {
      const shared = sourceAnchor();
      const two = [await fixture.person({ sourceAnchor: shared })];
      two.push(await fixture.person({ sourceAnchor: shared }));
      const entries = await find("mS-DS-ConsistencyGuid", Buffer.from(shared, "base64"));
      expect(entries.map((entry) => entry.dn).sort()).toEqual(two.map(({ dn }) => dn).sort());
    });

    test("cuts at the size limit, where limits are honoured", async () => {
      const entries = await find("objectClass", "user", { sizeLimit: 2, attributes: ["1.1"] });
      if (fixture.expectations.honoursSizeLimit) expect(entries).toHaveLength(2);
      else expect(entries.length).toBeGreaterThan(2);
    });

    test("of nothing that exists is empty, or 32 where it is the base", async () => {
      expect(await find("objectGUID", randomBytes(16))).toEqual([]);
      for (const base of [guidDn(randomBytes(16)), `CN=nobody,${STAFF_OU}`]) {
        const search = fixture.service.search(base, { scope: "base" });
        expect((await refusalOf(search)).code).toBe(32);
      }
      const unlocking = (target: string): Promise<void> =>
        fixture.service.modify(target, replaceValue("lockoutTime", "0"));
      expect((await refusalOf(unlocking(guidDn(randomBytes(16))))).code).toBe(32);
      expect(await refusalOf(unlocking(`CN=nobody,${STAFF_OU}`))).toEqual(
        fixture.expectations.noSuchObject,
      );
    });

    test("shows the delegated rights where they reach, and only there", async () => {
      const inside = await fixture.person();
      const outside = await fixture.person({ ou: SERVICE_OU });
      const effective = async (base: string): Promise<string[]> => {
        const attributes = ["allowedAttributesEffective"];
        const { searchEntries } = await fixture.service.search(base, { scope: "base", attributes });
        return searchEntries.flatMap((entry) => textsOf(entry, "allowedAttributesEffective"));
      };
      expect((await effective(inside.target)).sort()).toEqual(["lockoutTime", "pwdLastSet"]);
      expect(await effective(outside.target)).toEqual([]);
    });

    test("never returns a password", async () => {
      const person = await fixture.person();
      const attributes = ["unicodePwd", "sAMAccountName"];
      const { searchEntries } = await fixture.administrator.search(person.dn, {
        scope: "base",
        attributes,
      });
      expect(searchEntries.map((entry) => textsOf(entry, "sAMAccountName"))).toEqual([
        [person.name],
      ]);
      expect(searchEntries.flatMap((entry) => textsOf(entry, "unicodePwd"))).toEqual([]);
    });
  });

  describe("state of an account", () => {
    test.each([
      { name: "alex", flags: 0 },
      { name: "lee", flags: LOCKED_OUT },
      { name: "mia", flags: PASSWORD_EXPIRED },
    ])("$name is computed as $flags", async ({ name, flags }) => {
      const { computed } = await readUser(fixture.directory, name);
      expect(computed & (LOCKED_OUT | PASSWORD_EXPIRED)).toBe(flags);
    });

    test("the time of the password is now; only passwords move the key version", async () => {
      const person = await fixture.person();
      const before = await fixture.state(person);
      const set = Number((before.pwdLastSet - FILETIME_UNIX_EPOCH) / 10_000n);
      expect(Math.abs(set - Date.now())).toBeLessThan(60_000);
      await fixture.service.modify(person.target, replaceValue("lockoutTime", "0"));
      await fixture.service.modify(person.target, replaceValue("pwdLastSet", "0"));
      await fixture.service.modify(person.target, replaceValue("pwdLastSet", "-1"));
      expect((await fixture.state(person)).keyVersion).toBe(before.keyVersion);
    });
  });
}

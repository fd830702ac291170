import type { DirectoryConnection } from "../../../../../agent/directory/connection.ts";
import { guardSettings } from "../../../../../agent/directory/guard/settings.ts";
import type { DirectoryPool } from "../../../../../agent/directory/pool.ts";
import { deleteValue } from "../../../../../local/accounts/changes.ts";
import { joinGroupWith } from "../../../../../local/accounts/groups.ts";
import { PARTNERS_OU, STAFF_OU } from "../../../../../local/samples.ts";
import type { Abilities, OperationsFixture, Person } from "../fixture.ts";

const NEXT = "Second-Meadow-28";

/** Cases 13 to 17: whom it is about. */
export function describeTargets(fixture: OperationsFixture, { policyHints }: Abilities): void {
  const settings = (guard: object = {}) => ({
    ...fixture.settings,
    allowWeakerEnforcement: !policyHints,
    guard: guardSettings.parse(guard),
  });
  const reset = (person: Person, guard: object = {}, more = {}) =>
    fixture.run(
      person,
      { operation: "reset", newPassword: NEXT, mustChange: false },
      fixture.job({ settings: settings(guard), ...more }),
    );
  const admins = () => `CN=Domain Admins,CN=Users,${fixture.directory.baseDn}`;

  test("13 an administrator since a moment ago: refused by the groups", async () => {
    const person = await fixture.person();
    await joinGroupWith(fixture.administrator, admins(), person.dn);
    const before = await fixture.state(person);
    expect(await reset(person)).toMatchObject({ status: "failed", code: "accountProtected" });
    expect(await fixture.state(person)).toEqual(before);
  });

  test("14 an administrator no more, but still cut off: said by us, and by AD", async () => {
    const person = await fixture.person();
    await joinGroupWith(fixture.administrator, admins(), person.dn);
    await fixture.directory.protect(person.dn);
    await fixture.administrator.modify(admins(), deleteValue("member", person.dn));
    const before = await fixture.state(person);
    expect(await reset(person)).toMatchObject({ code: "accountStaleProtection" });
    expect(await reset(person, { rules: { staleProtection: "allow" } })).toMatchObject({
      status: "failed",
      code: "agentLacksWritePwdLastSet",
      directory: { resultCode: 50 },
    });
    expect(await fixture.state(person)).toEqual(before);
  });

  test("15 renamed and moved between read and write: written to all the same", async () => {
    const person = await fixture.person();
    const moved = `CN=Moved ${person.name},${PARTNERS_OU}`;
    const note = () => fixture.administrator.modifyDN(person.dn, moved);
    expect(await reset(person, {}, { note })).toMatchObject({ status: "succeeded" });
    expect((await fixture.state(person)).dn).toBe(moved);
    expect(await fixture.bind({ ...person, dn: moved }, NEXT)).toBe("ok");
  });

  test("15 moved out of scope after it was found: refused on the second look", async () => {
    const person = await fixture.person();
    const before = await fixture.state(person);
    const moved = `CN=${person.name},${PARTNERS_OU}`;
    const pool = beforeLook(fixture.pool, "tokenGroups", () =>
      fixture.administrator.modifyDN(person.dn, moved),
    );
    expect(await reset(person, { scope: { in: [STAFF_OU] } }, { pool })).toMatchObject({
      status: "failed",
      code: "accountOutOfScope",
    });
    expect(await fixture.state(person)).toEqual({ ...before, dn: moved });
  });

  test("16 two people share one anchor: neither is touched", async () => {
    const first = await fixture.person();
    const second = await fixture.person({ sourceAnchor: first.sourceAnchor });
    const before = [await fixture.state(first), await fixture.state(second)];
    expect(await reset(first)).toMatchObject({ code: "directoryUserAmbiguous" });
    expect([await fixture.state(first), await fixture.state(second)]).toEqual(before);
  });

  test("17 anchors of bytes from 0x80, of plain text, and objectGUIDs are found", async () => {
    const anchors = [
      Buffer.from("80818283fe80ff00c0ffeec0ffee1717", "hex"),
      Buffer.from("a plain anchor 1"),
      Buffer.from("zwölf Bäume (2)").subarray(0, 16),
    ];
    for (const anchor of anchors) {
      const person = await fixture.person({ sourceAnchor: anchor.toString("base64") });
      expect(await reset(person)).toMatchObject({ status: "succeeded" });
    }
    const person = await fixture.person();
    // A directory chooses its objectGUIDs: random ones have bytes from 0x80.
    expect(person.objectGuid.some((byte) => byte >= 0x80)).toBe(true);
    const target = { ...person.target, sourceAnchor: person.objectGuid.toString("base64") };
    const byGuid = { ...settings(), sourceAnchorAttribute: "objectGUID" as const };
    expect(
      await fixture.run({ target }, { operation: "unlock" }, fixture.job({ settings: byGuid })),
    ).toMatchObject({ status: "succeeded" });
  });
}

/** A pool on whose connections something happens right before one attribute is asked for. */
function beforeLook(
  pool: DirectoryPool,
  attribute: string,
  happening: () => Promise<unknown>,
): DirectoryPool {
  const hooked = (connection: DirectoryConnection): DirectoryConnection =>
    new Proxy(connection, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (key !== "search") return typeof value === "function" ? value.bind(target) : value;
        return async (...[base, options]: Parameters<DirectoryConnection["search"]>) => {
          if (options.attributes?.includes(attribute)) await happening();
          return target.search(base, options);
        };
      },
    });
  return new Proxy(pool, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (key !== "use") return typeof value === "function" ? value.bind(target) : value;
      const use: DirectoryPool["use"] = (waitMs, read, work) =>
        target.use(waitMs, (connection) => read(hooked(connection)), work);
      return use;
    },
  });
}

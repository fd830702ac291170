import { type Account, readAccount } from "../../../../agent/directory/account.ts";
import { type GuardOptions, guard } from "../../../../agent/directory/guard/guard.ts";
import { guardSettings } from "../../../../agent/directory/guard/settings.ts";
import type { Job } from "../../../../agent/operations/job.ts";
import { replaceValue } from "../../../../local/accounts/changes.ts";
import { addGroupWith, joinGroupWith } from "../../../../local/accounts/groups.ts";
import { readUserWith } from "../../../../local/accounts/readUser.ts";
import { SERVICE_OU, STAFF_OU } from "../../../../local/samples.ts";
import type { AccountRequest } from "../../../../protocol/request.ts";
import { requestOf } from "../requests.ts";
import type { Abilities, OperationsFixture, Person } from "./fixture.ts";

const NEXT = "Second-Meadow-28";
const WRITES = [
  { operation: "reset", newPassword: NEXT, mustChange: false },
  { operation: "change", currentPassword: "First-Harbour-17", newPassword: NEXT },
  { operation: "unlock" },
  { operation: "requireChange" },
] as const;

type Prepared = (fixture: OperationsFixture) => Promise<Person>;

let sequence = 0;

/** A new group with one member, by distinguished name. */
function groupOf({ administrator }: OperationsFixture, member: string): Promise<string> {
  sequence += 1;
  return addGroupWith(administrator, `keepers${sequence}`, STAFF_OU, [member]);
}

const memberOf =
  (group: string, depth: number): Prepared =>
  async (fixture) => {
    const person = await fixture.person();
    let member = person.dn;
    for (let level = 0; level < depth; level += 1) member = await groupOf(fixture, member);
    const { administrator, directory } = fixture;
    await joinGroupWith(administrator, `CN=${group},${directory.baseDn}`, member);
    return person;
  };

const having =
  (attribute: string, value: string): Prepared =>
  async (fixture) => {
    const person = await fixture.person();
    await fixture.administrator.modify(person.dn, replaceValue(attribute, value));
    return person;
  };

/** Settings of the guard, as the configuration file says them. */
const jobWith = (fixture: OperationsFixture, given: object, more: Partial<Job> = {}): Job =>
  fixture.job({ settings: { ...fixture.settings, guard: guardSettings.parse(given) }, ...more });

const REFUSED: readonly [who: string, code: string, prepare: Prepared][] = [
  ["in Domain Admins", "accountProtected", memberOf("Domain Admins,CN=Users", 0)],
  ["in a group in Domain Admins", "accountProtected", memberOf("Domain Admins,CN=Users", 1)],
  [
    "three groups below Enterprise Admins",
    "accountProtected",
    memberOf("Enterprise Admins,CN=Users", 3),
  ],
  ["in Account Operators", "accountProtected", memberOf("Account Operators,CN=Builtin", 0)],
  [
    "in a group in Group Policy Creator Owners",
    "accountProtected",
    memberOf("Group Policy Creator Owners,CN=Users", 1),
  ],
  ["in Protected Users", "accountInProtectedUsers", memberOf("Protected Users,CN=Users", 0)],
  ["an administrator of old", "accountStaleProtection", having("adminCount", "1")],
  ["a service", "accountIsService", having("servicePrincipalName", "HTTP/intranet.corp.example")],
  ["smart card only", "accountSmartcardOnly", having("userAccountControl", String(0x4_0200))],
  ["delegating", "accountTrustedForDelegation", having("userAccountControl", String(0x8_0200))],
  ["expired", "accountExpired", having("accountExpires", "130000000000000000")],
  ["disabled", "accountDisabled", (fixture) => fixture.person({ disabled: true })],
];

export function describeGuard(fixture: OperationsFixture, { policyHints }: Abilities): void {
  const run = (
    person: Pick<Person, "target">,
    wish: (typeof WRITES)[number],
    job = fixture.job(),
  ) =>
    fixture.run(person, wish, {
      ...job,
      settings: { ...job.settings, allowWeakerEnforcement: !policyHints },
    });

  test.each(REFUSED)("who is %s is refused: %s, nothing written", async (_, code, prepare) => {
    const person = await prepare(fixture);
    const before = await fixture.state(person);
    for (const wish of WRITES) {
      expect(await run(person, wish)).toEqual({
        status: "failed",
        code,
        directory: { server: "dc1.corp.example" },
      });
    }
    expect(await fixture.state(person)).toEqual(before);
  });

  test.each(["Administrator", "krbtgt", "Guest"])(
    "%s is refused, whatever is asked",
    async (name) => {
      const { administrator, directory } = fixture;
      const before = await readUserWith(administrator, directory.baseDn, name);
      const sourceAnchor = before.objectGuid.toString("base64");
      const { target } = await fixture.person();
      const settings = { ...fixture.settings, sourceAnchorAttribute: "objectGUID" as const };
      for (const wish of WRITES) {
        const who = { target: { ...target, sourceAnchor, sid: before.sid } };
        expect(await run(who, wish, fixture.job({ settings }))).toMatchObject({
          status: "failed",
          code: "accountProtected",
        });
      }
      expect(await readUserWith(administrator, directory.baseDn, name)).toEqual(before);
    },
  );

  test("a domain controller is no person, even where one is found", async () => {
    const before = await readUserWith(fixture.administrator, fixture.directory.baseDn, "DC1$");
    const { target } = await fixture.person();
    const request = requestOf({ operation: "unlock", target }) as AccountRequest;
    const options: GuardOptions = fixture.settings;
    await expect(
      fixture.pool.use(
        1_000,
        (connection) =>
          accountOf(connection.search(before.dn, { scope: "base", ...ACCOUNT_SEARCH })),
        (connection, account) => guard(connection, account, request, options),
      ),
    ).rejects.toMatchObject({ code: "accountNotPerson" });
    const settings = { ...fixture.settings, sourceAnchorAttribute: "objectGUID" as const };
    const sourceAnchor = before.objectGuid.toString("base64");
    const who = { target: { ...target, sourceAnchor, sid: before.sid } };
    expect(await run(who, { operation: "unlock" }, fixture.job({ settings }))).toMatchObject({
      code: "directoryUserNotFound",
    });
  });

  test("the agent's own account is refused", async () => {
    const account = { name: "svc-guarded", password: "First-Harbour-17" };
    const person = await fixture.person(account);
    await fixture.directory.delegate(account.name, STAFF_OU);
    const before = await fixture.state(person);
    const pool = fixture.newPool(account);
    for (const wish of WRITES)
      expect(await run(person, wish, fixture.job({ pool }))).toMatchObject({
        code: "accountOfTheAgent",
      });
    pool.close();
    expect(await fixture.state(person)).toEqual(before);
  });

  test("outside the units or groups of the scope nobody is touched", async () => {
    const person = await fixture.person({ ou: SERVICE_OU });
    await fixture.directory.delegate("svc-writeback", SERVICE_OU);
    const keepers = await groupOf(fixture, await groupOf(fixture, person.dn));
    const { sid } = await readUserWith(
      fixture.administrator,
      fixture.directory.baseDn,
      keepers.slice(3, keepers.indexOf(",")),
    );
    const before = await fixture.state(person);
    const strange = `${sid.slice(0, sid.lastIndexOf("-"))}-4294967290`;
    for (const scope of [
      { in: [STAFF_OU] },
      { out: [SERVICE_OU.toLowerCase()] },
      { in: [SERVICE_OU], groupsOut: [sid] },
      { groupsIn: [strange] },
    ])
      for (const wish of WRITES)
        expect(await run(person, wish, jobWith(fixture, { scope }))).toMatchObject({
          code: "accountOutOfScope",
        });
    expect(await fixture.state(person)).toEqual(before);
    const scope = { in: [STAFF_OU, SERVICE_OU.toUpperCase()], groupsIn: [strange, sid] };
    expect(await run(person, WRITES[2], jobWith(fixture, { scope }))).toMatchObject({
      status: "succeeded",
    });
  });

  test("where allowed, a disabled account takes the password and stays disabled", async () => {
    const person = await fixture.person({ disabled: true });
    const seen: string[] = [];
    const guarded = (event: string, rules: string) => seen.push(`${event} ${rules}`);
    const job = (action: string) => jobWith(fixture, { rules: { disabled: action } }, { guarded });
    expect(await run(person, WRITES[0], job("allow"))).toMatchObject({ status: "succeeded" });
    expect(seen).toEqual([]);
    expect(await fixture.bind(person, NEXT)).toBe("533");
    expect(await run(person, WRITES[2], job("warn"))).toMatchObject({ status: "succeeded" });
    expect(await run(person, WRITES[2], job("refuse"))).toMatchObject({ code: "accountDisabled" });
    expect(seen).toEqual(["accountWarned disabled", "accountRefused disabled"]);
  });

  test("the owner of a protected account may change its password only where that is set", async () => {
    const person = await memberOf("Domain Admins,CN=Users", 1)(fixture);
    const seen: string[] = [];
    const guarded = (event: string, rules: string) => seen.push(`${event} ${rules}`);
    const job = jobWith(fixture, { ownersMayChange: true }, { guarded });
    for (const wish of [WRITES[0], WRITES[2], WRITES[3]])
      expect(await run(person, wish, job)).toMatchObject({ code: "accountProtected" });
    const change = { ...WRITES[1], currentPassword: "not-the-password" } as const;
    expect(await run(person, change as never, job)).toMatchObject({ code: "currentPasswordWrong" });
    expect(await run(person, WRITES[1], job)).toMatchObject({ status: "succeeded" });
    expect(seen.slice(-2)).toEqual(Array(2).fill("accountWarned administrators"));
    expect(await fixture.bind(person, NEXT)).toBe("ok");
  });

  test("must change has no effect on a password that never expires, and is reported so", async () => {
    const person = await having("userAccountControl", String(0x1_0200))(fixture);
    expect(await run(person, WRITES[3])).toMatchObject({
      status: "succeeded",
      detail: { mustChangeApplied: false },
    });
    expect(await fixture.bind(person, person.password)).toBe("ok");
    const reset = { operation: "reset", newPassword: NEXT, mustChange: true } as const;
    expect(await run(person, reset as never)).toMatchObject({
      status: "succeeded",
      detail: { mustChangeApplied: false },
    });
    expect(await fixture.bind(person, NEXT)).toBe("ok");
  });
}

const ACCOUNT_SEARCH = { explicitBufferAttributes: ["objectGUID", "objectSid"] };

async function accountOf(search: Promise<Parameters<typeof readAccount>[0][]>): Promise<Account> {
  const [entry] = await search;
  const account = entry && readAccount(entry);
  if (!account) throw new Error("not found");
  return account;
}

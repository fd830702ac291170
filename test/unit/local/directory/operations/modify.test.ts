import fc from "fast-check";
import { identityOf } from "../../../../../local/directory/accounts/identity.ts";
import { modify } from "../../../../../local/directory/operations/modify.ts";
import type { Entry } from "../../../../../local/directory/store/entry.ts";
import type { Change } from "../../../../../local/directory/wire/request.ts";
import type { DelegatedRight } from "../../../../../local/localDirectory.ts";
import {
  BASE,
  change,
  NEW,
  OLD,
  passwordChange,
  quoted,
  refusal,
  reset,
  TestDomain,
} from "../testDomain.ts";

const alex = `CN=alex,CN=Users,${BASE}`;
const WEAK = "weak";

let directory: TestDomain;
let user: Entry;
beforeEach(() => {
  directory = new TestDomain();
  user = directory.user("alex");
});

/** All that is kept of the user, to see that nothing changed. */
const state = () => ({
  attributes: Object.fromEntries(
    [...user.attributes].map(([name, values]) => [name, values.map(String)]),
  ),
  stamps: Object.fromEntries(user.stamps),
  signIn: directory.signIn(alex, OLD),
});
const as = (entry: Entry, ...changes: Change[]) =>
  modify(
    directory.domain,
    identityOf(directory.domain.store, entry),
    { kind: "modify", dn: alex, changes },
    false,
  );
const stamp = () => user.text("pwdlastset") ?? "";

describe("texts of Windows", () => {
  test.each<[string, () => unknown, number, RegExp]>([
    [
      "a reset against the policy",
      () => directory.modify(alex, reset(WEAK)),
      53,
      /^0000052D: SvcErr: DSID-[0-9A-F]{8}, problem 5003 \(WILL_NOT_PERFORM\), data 0\n\0$/,
    ],
    [
      "a change against the policy",
      () => as(user, ...passwordChange(OLD, WEAK)),
      19,
      /^0000052D: AtrErr: (DSID-\w{8}), #1:\n\t0: 0000052D: \1, .*, Att 9005a \(unicodePwd\)\n\0$/,
    ],
    [
      "a change with a wrong old password",
      () => as(user, ...passwordChange("Wrong-Password-99", NEW)),
      19,
      /^00000056: AtrErr: /,
    ],
    [
      "a password without quotes",
      () => directory.modify(alex, change("replace", "unicodePwd", Buffer.from(NEW, "utf16le"))),
      53,
      /^0000001F: SvcErr: /,
    ],
    [
      "a value of pwdLastSet that is gone",
      () =>
        directory.modify(
          alex,
          change("delete", "pwdLastSet", "1"),
          change("add", "pwdLastSet", "-1"),
        ),
      16,
      /^00002085: AtrErr: .*1001 \(NO_ATTRIBUTE_OR_VAL\), data 0, Att 90060 \(pwdLastSet\)/s,
    ],
    [
      "a third value of pwdLastSet",
      () => directory.modify(alex, change("replace", "pwdLastSet", "1")),
      80,
      /^00000057: /,
    ],
    [
      "lockoutTime taken away",
      () => directory.modify(alex, change("delete", "lockoutTime")),
      16,
      /^00002085: /,
    ],
    ["a reset without the right", () => as(user, reset(NEW)), 50, /^00000005: SecErr: /],
    [
      "a property without the right",
      () => as(user, change("replace", "description", "x")),
      50,
      /^00002098: SecErr: .*4003 \(INSUFF_ACCESS_RIGHTS\)/,
    ],
    [
      "nobody there",
      () => directory.modify(`CN=sam,CN=Users,${BASE}`, reset(NEW)),
      32,
      /^0000208D: NameErr: .*best match of:\n\t'CN=Users,DC=corp,DC=example'\n\0$/s,
    ],
    [
      "another domain",
      () => directory.modify("CN=a,DC=other,DC=example", reset(NEW)),
      10,
      /^0000202B: RefErr: .*'other\.example'/s,
    ],
    ["no name", () => directory.modify("CN", reset(NEW)), 34, /^0000208F: NameErr: /],
    [
      "an unknown attribute",
      () => directory.modify(alex, change("replace", "noSuch", "x")),
      16,
      /^00000057: LdapErr: /,
    ],
    [
      "a second value of a single-valued attribute",
      () => directory.modify(alex, change("replace", "displayName", "a", "b")),
      19,
      /^00002081: AtrErr: /,
    ],
    [
      "the name itself",
      () => directory.modify(alex, change("replace", "cn", "sam")),
      67,
      /^00002016: UpdErr: /,
    ],
    [
      "a GUID",
      () => directory.modify(alex, change("replace", "objectGUID", Buffer.alloc(16))),
      53,
      /^00002077: SvcErr: /,
    ],
  ])("%s", (_what, work, code, diagnostic) => {
    const result = refusal(work);
    expect(result.code).toBe(code);
    expect(result.diagnostic).toMatch(diagnostic);
  });

  test("a present lockoutTime can't be taken away", () => {
    directory.modify(alex, change("replace", "lockoutTime", "0"));
    const result = refusal(() => directory.modify(alex, change("delete", "lockoutTime")));
    expect(result).toMatchObject({ code: 53, diagnostic: expect.stringMatching(/^00002077: /) });
  });
});

describe("all or nothing", () => {
  const good: readonly (() => Change[])[] = [
    () => [reset(NEW)],
    () => passwordChange(OLD, NEW),
    () => [change("delete", "pwdLastSet", stamp()), change("add", "pwdLastSet", "0")],
    () => [change("replace", "lockoutTime", "0")],
    () => [change("replace", "description", "new")],
    () => [change("replace", "userPrincipalName", "new@corp.example")],
    () => [change("replace", "userAccountControl", "514")],
  ];
  const bad: readonly (() => Change[])[] = [
    () => [reset(WEAK)],
    () => [change("delete", "pwdLastSet", "1"), change("add", "pwdLastSet", "-1")],
    () => [change("delete", "lockoutTime")],
    () => [change("delete", "mail", "nobody@corp.example")],
    () => [change("replace", "userAccountControl", "x")],
    () => [change("replace", "userPrincipalName", "sam@corp.example")],
    () => [change("replace", "objectSid", "S-1-1-0")],
    () => [change("add", "member", alex)],
  ];
  const names = (changes: readonly Change[]) => new Set(changes.map(({ name }) => name));

  test("one refused part takes the others with it, wherever it stands", () => {
    const order = fc.record({
      parts: fc.uniqueArray(fc.nat(good.length - 1), { maxLength: 4 }),
      refused: fc.nat(bad.length - 1),
      place: fc.nat(4),
    });
    fc.assert(
      fc.property(order, ({ parts, refused, place }) => {
        directory = new TestDomain();
        user = directory.user("alex");
        directory.user("sam", { userPrincipalName: "sam@corp.example" });
        const culprit = bad[refused]?.() ?? [];
        const others = parts
          .map((at) => good[at]?.() ?? [])
          .filter((each) => !each.some(({ name }) => names(culprit).has(name)));
        others.splice(place, 0, culprit);
        const before = state();
        refusal(() => directory.modify(alex, ...others.flat()));
        expect(state().attributes).toEqual({ ...before.attributes, lastlogon: expect.anything() });
        expect(state().stamps).toEqual(before.stamps);
        expect(state().signIn).toBe("ok");
      }),
    );
  });

  test("a reset with unlocking and must change is one step", () => {
    const [version, usn] = [
      user.stamps.get("unicodepwd")?.version ?? 0,
      store().highestCommittedUsn,
    ];
    directory.modifyHinted(
      alex,
      reset(NEW),
      change("delete", "pwdLastSet", stamp()),
      change("add", "pwdLastSet", "0"),
      change("replace", "lockoutTime", "0"),
    );
    expect(user.stamps.get("unicodepwd")?.version).toBe(version + 1);
    expect(store().highestCommittedUsn).toBe(usn + 1);
    expect(stamp()).toBe("0");
    expect(directory.signIn(alex, NEW)).toBe("773");
  });

  const store = () => directory.domain.store;
});

test("two passwords in the same millisecond have different times", () => {
  const seen = new Set([stamp()]);
  for (let at = 0; at < 5; at += 1) {
    directory.modify(alex, reset(`Quiet-Meadow-${at}`));
    seen.add(stamp());
  }
  expect(seen.size).toBe(6);
});

test("rights are asked before the password is looked at, and each by itself", () => {
  const agent = directory.user("agent");
  const give = (...rights: DelegatedRight[]) => {
    directory.domain.delegations.give(agent, directory.domain.head, rights);
  };
  const all = [reset(WEAK), change("replace", "lockoutTime", "0")];
  expect(refusal(() => as(agent, ...all)).diagnostic).toMatch(/^00000005/);
  give("resetPassword");
  expect(refusal(() => as(agent, ...all)).diagnostic).toMatch(/^00002098/);
  give("lockoutTime");
  expect(refusal(() => as(agent, ...all)).diagnostic).toMatch(/^0000052D/);
  expect(refusal(() => as(agent, change("replace", "pwdLastSet", "0"))).code).toBe(50);
  give("pwdLastSet");
  as(agent, change("replace", "pwdLastSet", "0"));
  expect(stamp()).toBe("0");
});

test("members of Domain Admins may do everything", () => {
  const admin = directory.user("admin");
  directory.modify(`CN=Domain Admins,CN=Users,${BASE}`, change("add", "member", admin.dn));
  as(admin, reset(NEW), change("replace", "description", "x"));
  expect(directory.signIn(alex, NEW)).toBe("ok");
});

test("a reset in two parts, and a change in the other order", () => {
  directory.modify(alex, change("delete", "unicodePwd"), change("add", "unicodePwd", quoted(NEW)));
  expect(directory.signIn(alex, NEW)).toBe("ok");
  as(user, ...passwordChange(NEW, "Quiet-Meadow-63").reverse());
  expect(directory.signIn(alex, "Quiet-Meadow-63")).toBe("ok");
});

test.each<[string, Change[]]>([
  ["an add alone", [change("add", "unicodePwd", quoted(NEW))]],
  ["a delete alone", [change("delete", "unicodePwd")]],
  ["two values", [change("replace", "unicodePwd", quoted(NEW), quoted(OLD))]],
  ["a replace without value", [change("replace", "unicodePwd")]],
  ["two replaces", [reset(NEW), reset(NEW)]],
  ["a delete of the old value alone", [change("delete", "unicodePwd", quoted(OLD))]],
])("%s sets no password", (_what, changes) => {
  expect(refusal(() => directory.modify(alex, ...changes)).code).toBe(19);
  expect(directory.signIn(alex, OLD)).toBe("ok");
});

import { identityOf } from "../../../../../local/directory/accounts/identity.ts";
import { resolve } from "../../../../../local/directory/names/resolve.ts";
import { add } from "../../../../../local/directory/operations/add.ts";
import { read } from "../../../../../local/directory/search/reading.ts";
import type { Entry } from "../../../../../local/directory/store/entry.ts";
import { BASE, change, NEW, refusal, reset, TestDomain } from "../testDomain.ts";

const CONTAINER = `CN=Password Settings Container,CN=System,${BASE}`;
const UNIVERSAL = "-2147483640";

class SettingsDomain extends TestDomain {
  private create(dn: string, className: string, values: Record<string, string | string[]>): Entry {
    const attributes = Object.entries({ objectClass: className, ...values }).map(
      ([name, value]) => ({
        name,
        values: [value].flat().map((each) => Buffer.from(each)),
      }),
    );
    return add(this.domain, this.administrator, { kind: "add", dn, attributes });
  }

  settings(name: string, precedence: number, appliesTo: Entry[], length = 16): Entry {
    return this.create(`CN=${name},${CONTAINER}`, "msDS-PasswordSettings", {
      "msDS-PasswordSettingsPrecedence": String(precedence),
      "msDS-MinimumPasswordLength": String(length),
      "msDS-PasswordComplexityEnabled": "FALSE",
      "msDS-PSOAppliesTo": appliesTo.map(({ dn }) => dn),
    });
  }

  group(name: string, members: Entry[], groupType = "-2147483646"): Entry {
    const dn = `CN=${name},CN=Users,${BASE}`;
    const group = this.create(dn, "group", { sAMAccountName: name, groupType });
    this.modify(dn, ...members.map((member) => change("add", "member", member.dn)));
    return group;
  }

  resultant(user: Entry, reader = this.administrator): string {
    const reading = { domain: this.domain, identity: reader };
    return read(user, "msds-resultantpso", reading)[0]?.toString() ?? "";
  }
}

let domain: SettingsDomain;
let user: Entry;
beforeEach(() => {
  domain = new SettingsDomain();
  user = domain.user("alex");
});

test("without any, the domain's policy holds", () => {
  expect(domain.resultant(user)).toBe("");
  domain.modify(user.dn, reset(NEW));
});

test("settings stand in for the domain's rules, all of them", () => {
  domain.settings("Strict", 10, [user]);
  expect(refusal(() => domain.modify(user.dn, reset("Only-15-letters"))).diagnostic).toContain(
    "0000052D",
  );
  domain.modify(user.dn, reset("onlysimpleletters"));
  expect(domain.signIn("alex@corp.example", "onlysimpleletters")).toBe("ok");
});

test("the lowest precedence wins, and what names the user wins over its groups", () => {
  const inner = domain.group("Inner", [user]);
  const outer = domain.group("Outer", [inner]);
  const nested = domain.settings("Nested", 30, [outer]);
  expect(domain.resultant(user)).toBe(nested.dn);
  const nearer = domain.settings("Nearer", 20, [inner]);
  expect(domain.resultant(user)).toBe(nearer.dn);
  domain.settings("Second", 50, [user]);
  const direct = domain.settings("First", 40, [user]);
  expect(domain.resultant(user)).toBe(direct.dn);
});

test("of two with one precedence the smaller GUID wins", () => {
  const both = [domain.settings("A", 10, [user]), domain.settings("B", 10, [user])];
  const [smaller] = both.toSorted((a, b) => a.guid.compare(b.guid));
  expect(domain.resultant(user)).toBe(smaller?.dn);
});

test("groups that are not global do not count, the primary group does", () => {
  domain.settings("Universal", 10, [domain.group("Everywhere", [user], UNIVERSAL)]);
  expect(domain.resultant(user)).toBe("");
  const primary = resolve(domain.domain.store, `CN=Domain Users,CN=Users,${BASE}`);
  expect(domain.resultant(user)).toBe("");
  const settings = domain.settings("All", 20, [primary]);
  expect(domain.resultant(user)).toBe(settings.dn);
});

test("others see which settings hold, and no values until they are let in", () => {
  const settings = domain.settings("Strict", 10, [user]);
  const service = domain.user("svc");
  const identity = identityOf(domain.domain.store, service);
  const length = () =>
    read(settings, "msds-minimumpasswordlength", { domain: domain.domain, identity }).length;
  expect(domain.resultant(user, identity)).toBe(settings.dn);
  expect(length()).toBe(0);
  domain.domain.delegations.letRead(service, resolve(domain.domain.store, CONTAINER));
  expect(length()).toBe(1);
});

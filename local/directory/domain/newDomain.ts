import { randomBytes } from "node:crypto";
import { Delegations } from "../accounts/delegations.ts";
import { protectMembers } from "../accounts/protection.ts";
import { UAC } from "../accounts/userAccountControl.ts";
import { domainDn, parseDn, parseRdn } from "../names/distinguishedName.ts";
import { parseSid, sidWithRid } from "../names/sid.ts";
import { type Attributes, Entry } from "../store/entry.ts";
import { Store } from "../store/store.ts";
import { newCondition, type PolicyHintsOffer } from "./condition.ts";
import type { Domain } from "./domain.ts";
import { newEntry } from "./newEntry.ts";
import { BUILTIN_GROUPS, DEFAULT_POLICY, DOMAIN_GROUPS, WELL_KNOWN_USERS } from "./wellKnown.ts";

export interface NewDomain {
  readonly dnsName: string;
  readonly host: string;
  readonly policyHints: PolicyHintsOffer;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

type Given = Readonly<Record<string, string | number | bigint>>;

const valuesOf = (given: Given): Attributes =>
  new Map(
    Object.entries(given).map(([name, value]) => [name.toLowerCase(), [Buffer.from(`${value}`)]]),
  );

function randomDomainSid(): Buffer {
  const part = (): number => randomBytes(4).readUInt32LE();
  const sid = parseSid(`S-1-5-21-${part()}-${part()}-${part()}`);
  if (!sid) throw new Error("no domain SID");
  return sid;
}

/** A domain right after its first controller was made: nobody but the built-in accounts. */
export function newDomain({ dnsName, host, policyHints, clock }: NewDomain): Domain {
  const domainSid = randomDomainSid();
  const store = new Store(clock, domainSid);
  const baseDn = domainDn(dnsName);
  const [rdn, ...above] = parseDn(baseDn);
  if (!rdn) throw new Error("a domain needs a name");
  const configurationDn = `CN=Configuration,${baseDn}`;

  const head = new Entry({
    guid: randomBytes(16),
    attributes: valuesOf({
      ...DEFAULT_POLICY,
      dc: rdn.value,
      objectCategory: `CN=Domain-DNS,CN=Schema,${configurationDn}`,
    }),
    rdn,
    parent: undefined,
    suffix: above.map(({ type, value }) => `${type}=${value}`).join(","),
    isContextHead: true,
  });
  head.attributes.set(
    "objectclass",
    ["top", "domain", "domainDNS"].map((n) => Buffer.from(n)),
  );
  head.attributes.set("objectsid", [domainSid]);
  store.insert(head);

  const add = (
    parent: Entry,
    name: string,
    className: string,
    given: Given = {},
    more: { sid?: Buffer; isContextHead?: boolean } = {},
  ): Entry => {
    const entry = newEntry({
      rdn: parseRdn(name),
      parent,
      className,
      configurationDn,
      given: valuesOf(given),
      ...more,
    });
    store.insert(entry);
    return entry;
  };

  const users = add(head, "CN=Users", "container");
  add(head, "CN=Computers", "container");
  const controllers = add(head, "OU=Domain Controllers", "organizationalUnit");
  const system = add(head, "CN=System", "container");
  add(system, "CN=AdminSDHolder", "container");
  add(system, "CN=Password Settings Container", "msDS-PasswordSettingsContainer");
  const builtin = add(head, "CN=Builtin", "builtinDomain");

  const groups = new Map<string, Entry>();
  const critical = { isCriticalSystemObject: "TRUE" };
  for (const { name, id, type } of BUILTIN_GROUPS) {
    const sid = parseSid(`S-1-5-32-${id}`);
    const given = { sAMAccountName: name, groupType: type, ...critical };
    groups.set(name, add(builtin, `CN=${name}`, "group", given, sid ? { sid } : {}));
  }
  for (const { name, id, type } of DOMAIN_GROUPS) {
    const given = { sAMAccountName: name, groupType: type, ...critical };
    groups.set(name, add(users, `CN=${name}`, "group", given, { sid: sidWithRid(domainSid, id) }));
  }
  for (const { name, id, control, memberOf } of WELL_KNOWN_USERS) {
    const given = { sAMAccountName: name, userAccountControl: control, ...critical };
    const user = add(users, `CN=${name}`, "user", given, { sid: sidWithRid(domainSid, id) });
    for (const group of memberOf) link(groups.get(group), user);
  }
  for (const admins of ["Domain Admins", "Enterprise Admins"]) {
    link(groups.get("Administrators"), groups.get(admins));
  }
  link(groups.get("Users"), groups.get("Domain Users"));

  const controllerName = host.split(".")[0]?.toUpperCase() ?? host;
  add(
    controllers,
    `CN=${controllerName}`,
    "computer",
    {
      sAMAccountName: `${controllerName}$`,
      userAccountControl: UAC.serverTrust | 0x8_0000,
      primaryGroupID: 516,
      dNSHostName: host,
      ...critical,
    },
    { sid: sidWithRid(domainSid, 1000) },
  );

  const configuration = add(head, "CN=Configuration", "configuration", {}, { isContextHead: true });
  const sites = add(configuration, "CN=Sites", "container");
  const site = add(sites, "CN=Default-First-Site-Name", "container");
  const servers = add(site, "CN=Servers", "container");
  const server = add(servers, `CN=${controllerName}`, "server", { dNSHostName: host });
  const settings = add(server, "CN=NTDS Settings", "nTDSDSA");
  store.write(settings, new Map([["invocationid", [store.invocationId]]]));
  store.write(head, new Map([["fsmoroleowner", [Buffer.from(settings.dn)]]]));

  const administrator = [...users.children.values()].find(
    (entry) => entry.text("samaccountname") === "Administrator",
  );
  if (!administrator) throw new Error("no administrator");
  protectMembers(store, head);
  return {
    store,
    head,
    configuration,
    settings,
    administrator,
    delegations: new Delegations(),
    dnsName,
    netbiosName: (dnsName.split(".")[0] ?? dnsName).toUpperCase(),
    host,
    condition: newCondition(policyHints),
  };
}

function link(group: Entry | undefined, member: Entry | undefined): void {
  if (!group || !member) throw new Error("a built-in group is missing");
  group.members.add(member);
  member.groups.add(group);
}

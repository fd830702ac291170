import { Attribute, type Client } from "ldapts";
import { addUserWith, type UserFacts } from "./accounts/addUser.ts";
import { asAdministrator } from "./accounts/connect.ts";
import { type DomainPolicy, setDomainPolicyWith } from "./accounts/domainPolicy.ts";
import { addGroupWith, joinGroupWith } from "./accounts/groups.ts";
import { lockOut } from "./accounts/lockOut.ts";
import { addPasswordSettingsWith, SETTINGS_CONTAINER } from "./accounts/passwordSettings.ts";
import type { LocalDirectory } from "./localDirectory.ts";
import {
  CANARY,
  PARTNERS_OU,
  SAMPLE_USERS,
  type SampleUser,
  SERVICE_ACCOUNT,
  SERVICE_OU,
  STAFF_OU,
} from "./samples.ts";

/** The sample organisation's rules. */
export const SAMPLE_POLICY: Required<DomainPolicy> = {
  minimumLength: 8,
  complexity: true,
  historyLength: 5,
  minimumAgeSeconds: 0,
  lockoutThreshold: 5,
  lockoutSeconds: 1_800,
};

const DAY_SECONDS = 86_400;
/** Rules of a few people; the domain's hold for everybody else. */
const SAMPLE_SETTINGS = [
  { name: "Strict", about: "strictPolicy", precedence: 10, rules: { minimumLength: 16 } },
  {
    name: "Once a day",
    about: "recentlyChanged",
    precedence: 20,
    rules: { minimumAgeSeconds: DAY_SECONDS },
  },
] as const;

/** Who exists now, by `sAMAccountName`: sample people, service account and canary. */
export type SeededUsers = ReadonlyMap<string, UserFacts>;

async function addOrganisationalUnit(client: Client, dn: string): Promise<void> {
  await client.add(dn, [
    new Attribute({ type: "objectClass", values: ["top", "organizationalUnit"] }),
  ]);
}

const addSample = (client: Client, baseDn: string, user: SampleUser): Promise<UserFacts> =>
  addUserWith(client, baseDn, {
    ...user,
    disabled: user.about === "disabled",
    mustChange: user.about === "mustChange",
    neverExpires: user.about === "neverExpires",
    ou: user.about === "outOfScope" ? PARTNERS_OU : STAFF_OU,
  });

/** Makes one sample an administrator, and another one through a group between. */
async function protectSamples(client: Client, baseDn: string, users: SeededUsers): Promise<void> {
  const administrators = `CN=Domain Admins,CN=Users,${baseDn}`;
  for (const { name, about } of SAMPLE_USERS) {
    const dn = users.get(name)?.dn;
    if (dn === undefined) continue;
    if (about === "protected") await joinGroupWith(client, administrators, dn);
    if (about === "nestedProtected") {
      const group = await addGroupWith(client, "Server Keepers", STAFF_OU, [dn]);
      await joinGroupWith(client, administrators, group);
    }
  }
}

/**
 * Fills an empty directory with the sample organisation: units, policy, service account with its
 * delegation on staff and partners and sight of the password settings, canary, people in the states
 * that their samples name. Those who are only in the cloud are left out.
 */
export async function seed(directory: LocalDirectory): Promise<SeededUsers> {
  const { baseDn } = directory;
  const people = SAMPLE_USERS.filter((user) => user.about !== "cloudOnly");
  const users = await asAdministrator(directory, async (client) => {
    await addOrganisationalUnit(client, STAFF_OU);
    await addOrganisationalUnit(client, PARTNERS_OU);
    await addOrganisationalUnit(client, SERVICE_OU);
    await setDomainPolicyWith(client, baseDn, SAMPLE_POLICY);
    const added = [
      await addUserWith(client, baseDn, { ...SERVICE_ACCOUNT, ou: SERVICE_OU }),
      await addUserWith(client, baseDn, { ...CANARY }),
    ];
    for (const person of people) added.push(await addSample(client, baseDn, person));
    const byName = new Map(added.map((facts) => [facts.name, facts]));
    await protectSamples(client, baseDn, byName);
    for (const { name, about, precedence, rules } of SAMPLE_SETTINGS) {
      const names = people.filter((person) => person.about === about).map((person) => person.name);
      const appliesTo = names.flatMap((each) => byName.get(each)?.dn ?? []);
      const settings = { ...SAMPLE_POLICY, ...rules, name, precedence, appliesTo };
      await addPasswordSettingsWith(client, baseDn, settings);
    }
    return byName;
  });
  await directory.letRead(SERVICE_ACCOUNT.name, `${SETTINGS_CONTAINER},${baseDn}`);
  for (const ou of [STAFF_OU, PARTNERS_OU]) await directory.delegate(SERVICE_ACCOUNT.name, ou);
  for (const person of people.filter((user) => user.about === "locked")) {
    const facts = users.get(person.name);
    if (facts) await lockOut(directory, facts.dn);
  }
  return users;
}

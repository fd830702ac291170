import { replaceValue } from "../../../../../local/accounts/changes.ts";
import { duration } from "../../../../../local/accounts/domainPolicy.ts";
import { addGroupWith, joinGroupWith } from "../../../../../local/accounts/groups.ts";
import { lockOut } from "../../../../../local/accounts/lockOut.ts";
import {
  addPasswordSettingsWith,
  type PasswordSettings,
} from "../../../../../local/accounts/passwordSettings.ts";
import { PASSWORD_EXPIRED } from "../../../../../local/accounts/readUser.ts";
import { PARTNERS_OU, STAFF_OU } from "../../../../../local/samples.ts";
import { SAMPLE_POLICY } from "../../../../../local/seed.ts";
import type { OperationsFixture, Person } from "../fixture.ts";
import { type Policy, STRICT_LENGTH, type State } from "./expected.ts";

const DAY_SECONDS = 86_400;
const DEADLINE_MS = 20_000;
const LONG_AGO = "130000000000000000";
const SMARTCARD = String(0x4_0200);
const NEEDS_NONE = String(0x220);

/** Somebody of the table, before anything is asked. */
export interface Prepared {
  readonly policy: Policy;
  readonly state: State;
  readonly person: Person;
}

/** Brings one new account into a state, but for what settings of its own do. */
export async function prepare(fixture: OperationsFixture, state: State): Promise<Person> {
  const { administrator, directory } = fixture;
  const person = await fixture.person({
    mustChange: state === "must change",
    disabled: state === "disabled",
    neverExpires: state === "never expires",
    ...(state === "out of scope" && { ou: PARTNERS_OU }),
  });
  const set = (attribute: string, value: string) =>
    administrator.modify(person.dn, replaceValue(attribute, value));
  const admins = `CN=Domain Admins,CN=Users,${directory.baseDn}`;
  if (state === "locked") await lockOut(directory, person.dn);
  if (state === "expired account") await set("accountExpires", LONG_AGO);
  if (state === "smart card") await set("userAccountControl", SMARTCARD);
  if (state === "password not required") await set("userAccountControl", NEEDS_NONE);
  if (state === "protected") await joinGroupWith(administrator, admins, person.dn);
  if (state === "nested protected") {
    const inner = await addGroupWith(administrator, `inner-${person.name}`, STAFF_OU, [person.dn]);
    const outer = await addGroupWith(administrator, `outer-${person.name}`, STAFF_OU, [inner]);
    await joinGroupWith(administrator, admins, outer);
  }
  return person;
}

/** Settings for all who need some: one object for each combination of rules. */
export async function applySettings(
  fixture: OperationsFixture,
  everybody: readonly Prepared[],
): Promise<void> {
  const groups = Map.groupBy(everybody, ({ policy, state }) => {
    const own = state === "recently changed" || state === "expired password" ? state : "any";
    return policy === "strict" || own !== "any" ? `${policy} and ${own}` : undefined;
  });
  let precedence = 100;
  for (const [name, people] of groups) {
    const first = people[0];
    if (name === undefined || !first) continue;
    precedence += 1;
    const settings: PasswordSettings = {
      ...SAMPLE_POLICY,
      name: `Table of ${name}`,
      precedence,
      appliesTo: people.map(({ person }) => person.dn),
      ...(first.policy === "strict" && { minimumLength: STRICT_LENGTH }),
      ...(first.state === "recently changed" && { minimumAgeSeconds: DAY_SECONDS }),
    };
    const dn = await addPasswordSettingsWith(
      fixture.administrator,
      fixture.directory.baseDn,
      settings,
    );
    if (first.state !== "expired password") continue;
    await fixture.administrator.modify(dn, replaceValue("msDS-MaximumPasswordAge", duration(1)));
    for (const { person } of people) await untilExpired(fixture, person);
  }
}

async function untilExpired(fixture: OperationsFixture, person: Person): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (((await fixture.state(person)).computed & PASSWORD_EXPIRED) === 0) {
    if (Date.now() > end) throw new Error("the password never expired");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

import { randomBytes } from "node:crypto";
import { addUserWith, type UserFacts } from "../../local/accounts/addUser.ts";
import { asAdministrator } from "../../local/accounts/connect.ts";
import type { GraphPerson } from "../../local/identity/people.ts";
import { DOMAIN } from "../../local/samples.ts";
import { graphPeople } from "../../local/stack/graphPeople.ts";
import type { Stack } from "../../local/stack/startStack.ts";

/** As many as there are operations at a time, at most: each has a person of its own. */
export const PEOPLE = 64;

/** Somebody whose password is reset over and over. */
export interface Person extends UserFacts {
  /** Object id in the cloud. */
  readonly id: string;
}

let passwords = 0;
const MARK = randomBytes(4).toString("hex");

/** A password that nobody has had, so that no history refuses it. */
export function freshPassword(): string {
  passwords += 1;
  return `Kettle-${MARK}-${passwords}`;
}

/** Somebody for each turn of a worker; nobody has two operations at the same time. */
export const personFor = (
  people: readonly Person[],
  atATime: number,
  worker: number,
  turn: number,
): Person => people[(worker + turn * atATime) % people.length] as Person;

/** Adds so many people to the directory and to the tenant. */
export async function addPeople(stack: Stack, count: number): Promise<Person[]> {
  const { directory, identity, seeded } = stack;
  const people = await asAdministrator(directory, async (client) => {
    const added: Person[] = [];
    for (let number = 0; number < count; number += 1) {
      const name = `bench${String(number).padStart(2, "0")}`;
      const facts = await addUserWith(client, directory.baseDn, {
        name,
        password: freshPassword(),
        sourceAnchor: randomBytes(16).toString("base64"),
      });
      added.push({ ...facts, id: `be9c0000-0000-4000-8000-${String(number).padStart(12, "0")}` });
    }
    return added;
  });
  identity.people.set([...graphPeople(seeded), ...people.map(asGraphPerson)]);
  return people;
}

const asGraphPerson = (person: Person): GraphPerson => ({
  id: person.id,
  userPrincipalName: person.userPrincipalName,
  accountEnabled: true,
  userType: "Member",
  onPremisesSyncEnabled: true,
  onPremisesImmutableId: person.sourceAnchor,
  onPremisesSecurityIdentifier: person.sid,
  onPremisesDomainName: DOMAIN,
  onPremisesSamAccountName: person.name,
});

import type { Client } from "ldapts";
import { addUserWith, type NewUser, type UserFacts } from "../../../local/accounts/addUser.ts";
import { type BindAnswer, canBind } from "../../../local/accounts/canBind.ts";
import { connect } from "../../../local/accounts/connect.ts";
import { type DomainPolicy, setDomainPolicyWith } from "../../../local/accounts/domainPolicy.ts";
import { guidDn } from "../../../local/accounts/identifiers.ts";
import { readUserWith, type UserRecord } from "../../../local/accounts/readUser.ts";
import type { LocalDirectory } from "../../../local/localDirectory.ts";
import { SERVICE_ACCOUNT } from "../../../local/samples.ts";
import { SAMPLE_POLICY, type SeededUsers, seed } from "../../../local/seed.ts";
import type { DirectoryExpectations } from "./expectations.ts";

/** An account made for one test. */
export interface Person extends UserFacts {
  readonly password: string;
  /** `<GUID=…>`, as which it is written to. */
  readonly target: string;
}

interface Opened {
  readonly directory: LocalDirectory;
  readonly users: SeededUsers;
  readonly administrator: Client;
  readonly service: Client;
}

/** A seeded directory with a connection of the administrator and one of the service account. */
export class DirectoryFixture {
  readonly expectations: DirectoryExpectations;
  private opened: Opened | undefined;
  private made = 0;

  constructor(expectations: DirectoryExpectations) {
    this.expectations = expectations;
  }

  async open(start: () => Promise<LocalDirectory>): Promise<void> {
    const directory = await start();
    const users = await seed(directory);
    const administrator = await connect(directory, directory.administrator);
    this.opened = { directory, users, administrator, service: await this.openService(directory) };
  }

  async close(): Promise<void> {
    const { opened } = this;
    await opened?.administrator.unbind();
    await opened?.service.unbind();
    await opened?.directory.stop();
  }

  get directory(): LocalDirectory {
    return this.ready().directory;
  }

  get users(): SeededUsers {
    return this.ready().users;
  }

  get administrator(): Client {
    return this.ready().administrator;
  }

  /** Bound as the account that the agent uses. */
  get service(): Client {
    return this.ready().service;
  }

  /** Another connection of the service account. The caller unbinds it. */
  async openService(directory: LocalDirectory = this.directory): Promise<Client> {
    const dn = `${SERVICE_ACCOUNT.name}@${directoryDomain(directory)}`;
    return connect(directory, { dn, password: SERVICE_ACCOUNT.password });
  }

  /** Makes an account below the delegation, unless told otherwise. */
  async person(wishes: Partial<NewUser> = {}): Promise<Person> {
    this.made += 1;
    const password = "First-Harbour-17";
    const user = { name: `person${this.made}`, password, ...wishes };
    const facts = await addUserWith(this.administrator, this.directory.baseDn, user);
    return { ...facts, password: user.password, target: guidDn(facts.objectGuid) };
  }

  state(person: Person): Promise<UserRecord> {
    return readUserWith(this.administrator, this.directory.baseDn, person.objectGuid);
  }

  bind(person: Person, password: string): Promise<BindAnswer> {
    return canBind(this.directory, person.dn, password);
  }

  /** Other rules for the time of an action. */
  async withPolicy<T>(policy: DomainPolicy, action: () => Promise<T>): Promise<T> {
    const { baseDn } = this.directory;
    await setDomainPolicyWith(this.administrator, baseDn, policy);
    try {
      return await action();
    } finally {
      await setDomainPolicyWith(this.administrator, baseDn, SAMPLE_POLICY);
    }
  }

  private ready(): Opened {
    if (!this.opened) throw new Error("The directory is not open");
    return this.opened;
  }
}

/** DNS name of the domain: `DC=corp,DC=example` is `corp.example`. */
const directoryDomain = ({ baseDn }: LocalDirectory): string =>
  baseDn.replace(/^DC=/i, "").replaceAll(/,DC=/gi, ".");

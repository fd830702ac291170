import { randomUUID } from "node:crypto";
import type { Client } from "ldapts";
import { guardSettings } from "../../../../agent/directory/guard/settings.ts";
import { openPool } from "../../../../agent/directory/openPool.ts";
import type { DirectoryPool } from "../../../../agent/directory/pool.ts";
import { execute } from "../../../../agent/operations/execute.ts";
import type { Job, OperationSettings } from "../../../../agent/operations/job.ts";
import { addUserWith, type NewUser, type UserFacts } from "../../../../local/accounts/addUser.ts";
import { type BindAnswer, canBind } from "../../../../local/accounts/canBind.ts";
import { connect } from "../../../../local/accounts/connect.ts";
import { readUserWith, type UserRecord } from "../../../../local/accounts/readUser.ts";
import type { LocalDirectory } from "../../../../local/localDirectory.ts";
import { CANARY, SERVICE_ACCOUNT, userPrincipalName } from "../../../../local/samples.ts";
import { seed } from "../../../../local/seed.ts";
import type { Verdict } from "../../../../protocol/outcome.ts";
import type { AccountRequest, Request, Target } from "../../../../protocol/request.ts";
import { requestOf, type Wish } from "../requests.ts";

/** What a directory under test can do. */
export interface Abilities {
  /** Whether it knows the policy-hints control. */
  readonly policyHints: boolean;
}

/** An account made for one test. */
export interface Person extends UserFacts {
  readonly password: string;
  readonly target: Target;
}

type AccountWish = AccountRequest extends infer R
  ? R extends Request
    ? Omit<Wish<R>, "target">
    : never
  : never;

const PATIENT = { connect: 5_000, search: 5_000, modify: 10_000 };

/** A seeded directory, and the agent's operations as they run in the agent, without its relay. */
export class OperationsFixture {
  directory!: LocalDirectory;
  pool!: DirectoryPool;
  /** Bound as the administrator. */
  administrator!: Client;
  private readonly timeouts: typeof PATIENT;
  private made = 0;

  /** @param timeouts of the agent, in milliseconds */
  constructor(timeouts = PATIENT) {
    this.timeouts = timeouts;
  }

  async open(start: () => Promise<LocalDirectory>): Promise<void> {
    this.directory = await start();
    await seed(this.directory);
    this.administrator = await connect(this.directory, this.directory.administrator);
    this.pool = this.newPool();
  }

  async close(): Promise<void> {
    this.pool?.close();
    await this.administrator?.unbind();
    await this.directory?.stop();
  }

  /** @param before addresses of domain controllers to be tried before the directory's */
  newPool(
    account: { name: string; password: string } = SERVICE_ACCOUNT,
    before: readonly string[] = [],
  ): DirectoryPool {
    const { url, servername, ca } = this.directory;
    const bindDn = userPrincipalName(account);
    return openPool(
      {
        domainControllers: [...before, url].map((each) => ({ url: each, servername })),
        ca,
        bindDn,
        connections: 2,
        timeouts: this.timeouts,
      },
      async () => account.password,
    );
  }

  get settings(): OperationSettings {
    return {
      baseDn: this.directory.baseDn,
      sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
      canary: userPrincipalName(CANARY),
      allowWeakerEnforcement: false,
      guard: guardSettings.parse({}),
    };
  }

  job(wishes: Partial<Job> = {}): Job {
    const until = Date.now() + 10_000;
    return {
      pool: this.pool,
      settings: this.settings,
      remaining: () => until - Date.now(),
      ...wishes,
    };
  }

  /** Makes an account below the delegation, unless told otherwise. */
  async person(wishes: Partial<NewUser> = {}): Promise<Person> {
    this.made += 1;
    const user = {
      name: `person${this.made}`,
      password: "First-Harbour-17",
      sourceAnchor: anchor(this.made),
      ...wishes,
    };
    const facts = await addUserWith(this.administrator, this.directory.baseDn, user);
    const target = {
      id: randomUUID(),
      sourceAnchor: facts.sourceAnchor,
      sid: facts.sid,
      userPrincipalName: facts.userPrincipalName,
    };
    return { ...facts, password: user.password, target };
  }

  run(person: Pick<Person, "target">, wish: AccountWish, job = this.job()): Promise<Verdict> {
    return execute(requestOf({ ...wish, target: person.target } as Wish<Request>), job);
  }

  probe(job = this.job()): Promise<Verdict> {
    return execute(requestOf({ operation: "probe" }), job);
  }

  state(person: Person): Promise<UserRecord> {
    return readUserWith(this.administrator, this.directory.baseDn, person.objectGuid);
  }

  bind(person: Person, password: string): Promise<BindAnswer> {
    return canBind(this.directory, person.dn, password);
  }
}

/** Bytes from 0x80, so that whatever treats them as text finds nobody. */
const anchor = (number: number): string =>
  Buffer.from(`fe80c0ffee${number.toString(16).padStart(22, "0")}`, "hex").toString("base64");

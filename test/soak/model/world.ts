import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "ldapts";
import { guardSettings } from "../../../agent/directory/guard/settings.ts";
import { addUserWith, type UserFacts } from "../../../local/accounts/addUser.ts";
import { connect } from "../../../local/accounts/connect.ts";
import { setDomainPolicyWith } from "../../../local/accounts/domainPolicy.ts";
import { guidDn } from "../../../local/accounts/identifiers.ts";
import { readUserWith } from "../../../local/accounts/readUser.ts";
import type { LocalCertificates } from "../../../local/certificates.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { CANARY, STAFF_OU, userPrincipalName } from "../../../local/samples.ts";
import { SAMPLE_POLICY, seed } from "../../../local/seed.ts";
import type { Request, Target } from "../../../protocol/request.ts";
import type { Wish } from "../../integration/agent/requests.ts";
import type { EnrolledKey, TrustRoot } from "../../integration/agent/trustRoot.ts";
import { type Fate, SoakAgent } from "./soakAgent.ts";
import { WorldTime } from "./time.ts";
import { type ModelFigures, Truth } from "./truth.ts";

/** A message on the queue. */
interface Message {
  readonly request: Request;
  readonly body: Uint8Array;
  deliveries: number;
  /** The bus has forgotten it. */
  isDone: boolean;
}

/** What several worlds may share, since it takes long to make. */
export interface Ground {
  readonly certificates: LocalCertificates;
  readonly root: TrustRoot;
  readonly keys: readonly EnrolledKey[];
}

const FIRST = "First-Harbour-17";
const ANCHOR = Buffer.from("fe80c0ffee0000000000000000000001", "hex").toString("base64");
export const LOCKOUT_THRESHOLD = 3;
const LOCKOUT_SECONDS = 60;
const EXPIRY_SECONDS = 20;
/** Milliseconds in which agents that live have told everything. */
const HEAR_MS = 8_000;

/** One account in a directory, a bus, and agents that come and go. */
export class World {
  readonly time: WorldTime;
  readonly directory: SimulatedDirectory;
  readonly truth: Truth;
  readonly administrator: Client;
  readonly dn: string;
  readonly messages: Message[] = [];
  agents: SoakAgent[];
  private readonly running = new Set<Promise<unknown>>();
  private readonly ended: SoakAgent[] = [];
  private readonly made: Made;
  private passwords = 0;

  private constructor(made: Made, agents: SoakAgent[]) {
    this.made = made;
    this.time = made.time;
    this.directory = made.directory;
    this.truth = made.truth;
    this.administrator = made.administrator;
    this.dn = made.dn;
    this.agents = agents;
  }

  /** @param agents how many, all of them recipients of every request */
  static async create(ground: Ground, agents: number, figures: ModelFigures): Promise<World> {
    const { certificates, root, keys } = ground;
    const time = new WorldTime();
    let truth: Truth | undefined;
    const directory = await startSimulatedDirectory({
      certificates,
      clock: time.now,
      carriedOut: (operation, code) => truth?.carriedOut(operation, code),
    });
    await seed(directory);
    const administrator = await connect(directory, directory.administrator);
    const policy = {
      lockoutThreshold: LOCKOUT_THRESHOLD,
      lockoutSeconds: LOCKOUT_SECONDS,
      // History would hide a second effect of the same request.
      historyLength: 0,
    };
    await setDomainPolicyWith(administrator, directory.baseDn, { ...SAMPLE_POLICY, ...policy });
    const user = { name: "casey", password: FIRST, sourceAnchor: ANCHOR, ou: STAFF_OU };
    const facts = await addUserWith(administrator, directory.baseDn, user);
    const { keyVersion } = await readUserWith(administrator, directory.baseDn, facts.objectGuid);
    truth = new Truth(namesOf(facts), FIRST, figures);
    const folder = await mkdtemp(join(tmpdir(), "soak-"));
    const told = truth;
    const names = keys.slice(0, agents).map((key, at) => ({ id: `agent-${at + 1}`, key }));
    const list = root.list(
      1,
      names.map(({ id, key }) => root.entry(id, key)),
    );
    const started = await Promise.all(
      names.map(({ id, key }) =>
        SoakAgent.start({
          id,
          folder,
          key,
          root,
          list,
          time,
          directory,
          settings: {
            baseDn: directory.baseDn,
            sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
            canary: userPrincipalName(CANARY),
            allowWeakerEnforcement: false,
            guard: guardSettings.parse({}),
          },
          noted: (id) => told.noted(id),
          concluded: (id) => told.concluded(id),
          told: ({ request, status }) => told.told(request, status),
        }),
      ),
    );
    const target = {
      id: randomUUID(),
      sourceAnchor: facts.sourceAnchor,
      sid: facts.sid,
      userPrincipalName: facts.userPrincipalName,
    };
    const { dn, objectGuid } = facts;
    const recipients = names.map(({ key }) => key);
    return new World(
      {
        time,
        directory,
        truth,
        administrator,
        dn,
        objectGuid,
        folder,
        root,
        recipients,
        target,
        keyVersion,
      },
      started,
    );
  }

  /** A password that nobody has had before. */
  newPassword(): string {
    this.passwords += 1;
    return `Passing-Cloud-${1_000 + this.passwords}`;
  }

  /** Puts a request on the queue. */
  async ask(wish: object): Promise<Message> {
    const { root, recipients, target } = this.made;
    const now = this.time.now() / 1_000;
    const times = { iat: now, exp: now + EXPIRY_SECONDS };
    const request = root.request({ ...wish, ...times, target } as Wish<Request>);
    this.truth.asked(request);
    const message = {
      request,
      body: await root.seal(request, ...recipients),
      deliveries: 0,
      isDone: false,
    };
    this.messages.push(message);
    return message;
  }

  /** Hands a message to an agent; it may be the second one to hold it. */
  async deliver(message: Message, agent: SoakAgent, fate: Fate): Promise<void> {
    const { request, body, deliveries } = message;
    if (deliveries > 0) this.truth.figures.redeliveries += 1;
    message.deliveries += 1;
    const work = agent.handle(
      {
        body: Buffer.from(body),
        messageId: request.jti,
        deliveryCount: deliveries,
        replySession: "session",
      },
      request,
      fate,
    );
    this.running.add(work);
    message.isDone = (await work.finally(() => this.running.delete(work))) || message.isDone;
  }

  get isQuiet(): boolean {
    return this.running.size === 0;
  }

  async restart(at: number): Promise<void> {
    const agent = this.agents[at % this.agents.length];
    if (!agent) return;
    this.truth.figures.crashes += 1;
    this.ended.push(agent);
    this.agents[at % this.agents.length] = await agent.restarted();
  }

  /** Starts the dead ones again. */
  async revive(): Promise<void> {
    for (const [at, agent] of this.agents.entries()) if (agent.dead) await this.restart(at);
  }

  /** Compares the account in the directory with the model of it. @throws Error */
  async compare(): Promise<void> {
    this.truth.check();
    const { keyVersion, objectGuid, administrator, directory } = this.made;
    const before = this.truth.keyVersions;
    const seen = await readUserWith(administrator, directory.baseDn, objectGuid);
    if (before !== this.truth.keyVersions) return;
    const steps = seen.keyVersion - keyVersion;
    if (steps !== before) throw new Error(`key version moved by ${steps} and not by ${before}`);
    if ((seen.pwdLastSet === 0n) !== this.truth.mustChange)
      throw new Error(`must change is ${!this.truth.mustChange} in the directory`);
  }

  /** Everybody alive, all messages dealt with, everything told that can be. */
  async settle(): Promise<void> {
    this.directory.faults.clear();
    await Promise.allSettled(this.running);
    await this.revive();
    for (const message of this.messages) {
      if (message.isDone) continue;
      const agent = this.agents[message.deliveries % this.agents.length];
      if (agent) await this.deliver(message, agent, {});
    }
    await this.hearAll();
    await this.compare();
  }

  /** Names to the agents what the cloud has not heard of, until it has. @throws Error */
  private async hearAll(): Promise<void> {
    const end = Date.now() + HEAR_MS;
    while (this.truth.untold.length > 0) {
      if (Date.now() > end) throw new Error(`never told: ${this.truth.untold}`);
      for (const agent of this.agents) await agent.resolve(this.truth.unresolved);
      await sleep(5);
    }
  }

  /** Forgets the messages so far, of which every word has been said. */
  async closeBooks(): Promise<void> {
    await this.hearAll();
    await this.compare();
    this.truth.closeBooks();
    for (const { request } of this.messages.splice(0))
      for (const agent of this.agents) agent.forget(request.jti);
  }

  async stop(): Promise<void> {
    for (const agent of [...this.ended, ...this.agents]) await agent.stop();
    await this.administrator.unbind();
    await this.directory.stop();
    await rm(this.made.folder, { recursive: true, force: true });
  }
}

const namesOf = ({ dn, objectGuid }: UserFacts): string[] =>
  [dn, guidDn(objectGuid)].map((name) => name.toLowerCase());

interface Made {
  readonly time: WorldTime;
  readonly directory: SimulatedDirectory;
  readonly truth: Truth;
  readonly administrator: Client;
  readonly dn: string;
  readonly objectGuid: Buffer;
  readonly folder: string;
  readonly root: TrustRoot;
  readonly recipients: readonly EnrolledKey[];
  readonly target: Target;
  readonly keyVersion: number;
}

import { randomBytes, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addUser, type UserFacts } from "../../../local/accounts/addUser.ts";
import { canBind } from "../../../local/accounts/canBind.ts";
import { replaceValue } from "../../../local/accounts/changes.ts";
import { asAdministrator } from "../../../local/accounts/connect.ts";
import { lockOut } from "../../../local/accounts/lockOut.ts";
import { unicodePwd } from "../../../local/accounts/passwordChanges.ts";
import { readUser, type UserRecord } from "../../../local/accounts/readUser.ts";
import { Gate } from "../../../local/directory/gate.ts";
import type { Operation } from "../../../local/directory/wire/request.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import type { AccountRequest, Request, Target } from "../../../protocol/request.ts";
import type { AgentFixture } from "./agentFixture.ts";
import type { AgentProcess, LogRecord } from "./agentProcess.ts";
import { DirectoryProxy } from "./directoryProxy.ts";
import { jsonLines } from "./jsonLines.ts";
import type { Wish } from "./requests.ts";
import { until } from "./scriptedCloud.ts";

const OLD = "First-Harbour-17";
const NEW = "Second-Meadow-28";
/** Refused by every policy. */
export const WEAK = "short";
export const NEWER = "Third-Orchard-39";
/** Milliseconds; a write that was lost is answered as unknown 8 s after it. */
const TIMEOUTS = { connect: 5_000, search: 5_000, modify: 2_000 };

/** The operations of people on their accounts that write. */
export type Written = Exclude<AccountRequest["operation"], "passwordRules">;

/** Whether a job reads there, and not a heartbeat what the domain controller says of itself. */
const isJobs = (operation: Operation): boolean =>
  operation.kind === "search" &&
  operation.dn !== "" &&
  !operation.attributes.includes("fSMORoleOwner");

/**
 * What survives its cases: cloud, directory, the network to it, and an agent on one data folder.
 */
export class CrashWorld {
  readonly fixture: AgentFixture;
  readonly proxy: DirectoryProxy;
  readonly queue: ReturnType<AgentFixture["cloud"]["broker"]["queue"]>;
  agent!: AgentProcess;
  /** Connections to the relay without an agent. */
  private readonly connections: number;
  private people = 0;
  private folderName = "";

  private constructor(fixture: AgentFixture, proxy: DirectoryProxy) {
    this.fixture = fixture;
    this.proxy = proxy;
    this.queue = fixture.cloud.broker.queue(requestsQueueName("corp"));
    this.connections = fixture.cloud.broker.connections;
  }

  static async open(fixture: AgentFixture): Promise<CrashWorld> {
    return new CrashWorld(fixture, await DirectoryProxy.start(fixture.directory));
  }

  async close(): Promise<void> {
    await this.agent?.child.stop();
    await this.proxy.stop();
  }

  /** @param name of the agent's folder: another one has an empty journal */
  async start(name = "agent"): Promise<void> {
    this.folderName = name;
    const directory = this.proxy.seen(this.fixture.directory);
    this.agent = await this.fixture.start(name, { directory, timeouts: TIMEOUTS });
  }

  /** Of the agent that was started last. */
  get folder(): string {
    return join(this.fixture.folder, this.folderName);
  }

  /** Kills the agent; what it held on the bus is free at once. */
  async kill(): Promise<void> {
    const { cloud, directory } = this.fixture;
    this.agent.child.kill("SIGKILL");
    await until("the agent is dead", () => !this.agent.child.running);
    await until("the bus has noticed", () => cloud.broker.connections === this.connections);
    directory.faults.clear();
    cloud.broker.faults.transfer = undefined;
    cloud.broker.faults.disposition = undefined;
    this.queue.expireLocks();
  }

  /** Somebody new, with what a case needs of them. */
  async person(operation: Written): Promise<UserFacts> {
    this.people += 1;
    const facts = await addUser(this.fixture.directory, {
      name: `crash${this.people}`,
      password: OLD,
      sourceAnchor: randomBytes(16).toString("base64"),
    });
    if (operation === "unlock") await lockOut(this.fixture.directory, facts.dn);
    return facts;
  }

  /**
   * Two resets as warm-up: the second one is served as a third one would be.
   * @returns how often such a reset reads
   */
  async readsOfReset(): Promise<number> {
    const { directory } = this.fixture;
    let reads = 0;
    for (let reset = 0; reset < 2; reset += 1) {
      const one = await CrashCase.make(this, "reset");
      reads = 0;
      directory.faults.next("search", { kind: "silence", applied: false }, (operation) => {
        if (isJobs(operation)) reads += 1;
        return false;
      });
      await one.send();
      expect(await this.fixture.cloud.answer(one.request)).toMatchObject({ status: "succeeded" });
      directory.faults.clear();
    }
    return reads;
  }
}

/** One request about somebody of its own. */
export class CrashCase {
  readonly world: CrashWorld;
  readonly request: Request;
  readonly gate = new Gate();
  private readonly person: UserFacts;
  private readonly before: UserRecord;

  private constructor(world: CrashWorld, request: Request, person: UserFacts, before: UserRecord) {
    this.world = world;
    this.request = request;
    this.person = person;
    this.before = before;
  }

  /** @param seconds until it expires; far beyond the start of another agent */
  static async make(
    world: CrashWorld,
    operation: Written,
    { seconds = 60, newPassword = NEW } = {},
  ): Promise<CrashCase> {
    const { fixture } = world;
    const person = await world.person(operation);
    const { sid, userPrincipalName, sourceAnchor } = person;
    const target: Target = {
      id: randomUUID(),
      sourceAnchor,
      sid,
      userPrincipalName,
    };
    const more = {
      reset: { newPassword, mustChange: false },
      change: { currentPassword: OLD, newPassword },
      unlock: {},
      requireChange: {},
    }[operation];
    const exp = Date.now() / 1_000 + seconds;
    const wish = { operation, target, exp, ...more } as Wish<Request>;
    const before = await readUser(fixture.directory, person.name);
    return new CrashCase(world, fixture.request(wish), person, before);
  }

  send(): Promise<void> {
    const { cloud, key } = this.world.fixture;
    return cloud.send(this.request, key);
  }

  /** The nth read of this job, or its modify, waits at the gate. */
  holdRead(nth: number, applied: boolean): void {
    let reads = 0;
    this.faults.next("search", { kind: "hold", applied, gate: this.gate }, (operation) => {
      if (isJobs(operation)) reads += 1;
      return reads === nth;
    });
  }

  holdModify(applied: boolean): void {
    this.faults.next("modify", { kind: "hold", applied, gate: this.gate });
  }

  /** What the agent's journal on disk says of the request. */
  journal(kind: "intent" | "conclusion"): boolean {
    const folder = join(this.world.folder, "data/journal");
    const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
    const lines = text.join("\n").split("\n");
    return lines.some(
      (line) => line.includes(this.request.jti) && line.includes(`"kind":"${kind}"`),
    );
  }

  /** An administrator sets another password, at the directory. */
  async overtake(): Promise<void> {
    const change = replaceValue("unicodePwd", unicodePwd(NEWER));
    await asAdministrator(this.world.fixture.directory, (client) =>
      client.modify(this.person.dn, change),
    );
  }

  bind(password: string): Promise<string> {
    return canBind(this.world.fixture.directory, this.person.dn, password);
  }

  /** Everything definite or not that the cloud has heard of it so far. */
  async told(): Promise<string[]> {
    const { cloud } = this.world.fixture;
    const replies = await cloud.answers(this.request);
    const late = cloud.lateOutcomes.filter(({ request }) => request === this.request.jti);
    return [...replies, ...late].map(({ status }) => status);
  }

  /** What every run of the agent has logged as its outcome. */
  logged(): unknown[] {
    const text = readFileSync(join(this.world.folder, "agent.log"), "utf8");
    return jsonLines<LogRecord>(text)
      .filter(({ requestId }) => requestId === this.request.jti)
      .filter(({ name }) => ["outcome", "concludedLate", "lateOutcomeTold"].includes(name))
      .map(({ status }) => status);
  }

  /** How often the write took effect. */
  async applied(): Promise<number> {
    const after = await readUser(this.world.fixture.directory, this.person.name);
    switch (this.request.operation) {
      case "unlock":
        return Number(after.lockoutTime === 0n);
      case "requireChange":
        return Number(after.pwdLastSet === 0n);
      default:
        return after.keyVersion - this.before.keyVersion;
    }
  }

  /** Whether old and new password bind as they must. */
  async agrees(isApplied: boolean): Promise<void> {
    const { operation } = this.request;
    if (operation === "unlock") expect(await this.bind(OLD)).toBe(isApplied ? "ok" : "775");
    else if (operation === "requireChange")
      expect(await this.bind(OLD)).toBe(isApplied ? "773" : "ok");
    else {
      expect(await this.bind(NEW)).toBe(isApplied ? "ok" : "52e");
      expect(await this.bind(OLD)).toBe(isApplied ? "52e" : "ok");
    }
  }

  private get faults() {
    return this.world.fixture.directory.faults;
  }
}

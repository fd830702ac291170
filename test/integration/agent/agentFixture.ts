import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BindAnswer, canBind } from "../../../local/accounts/canBind.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { SAMPLE_USERS, userPrincipalName } from "../../../local/samples.ts";
import { type SeededUsers, seed } from "../../../local/seed.ts";
import type { Request, Target } from "../../../protocol/request.ts";
import { type AgentOptions, AgentProcess } from "./agentProcess.ts";
import type { Wish } from "./requests.ts";
import { ScriptedCloud } from "./scriptedCloud.ts";
import { type EnrolledKey, enrolledKey, TrustRoot } from "./trustRoot.ts";

type StartWishes = Partial<Pick<AgentOptions, "directory" | "timeouts" | "overrides">>;

/** Everything that an agent process needs: a scripted cloud that lists it, a seeded directory. */
export class AgentFixture {
  readonly folder = mkdtempSync(join(tmpdir(), "agent-process-"));
  readonly certificates: LocalCertificates;
  readonly directory: SimulatedDirectory;
  readonly cloud: ScriptedCloud;
  readonly key: EnrolledKey;
  private readonly seeded: SeededUsers;

  private constructor(parts: {
    certificates: LocalCertificates;
    directory: SimulatedDirectory;
    seeded: SeededUsers;
    cloud: ScriptedCloud;
    key: EnrolledKey;
  }) {
    this.certificates = parts.certificates;
    this.directory = parts.directory;
    this.seeded = parts.seeded;
    this.cloud = parts.cloud;
    this.key = parts.key;
  }

  static async open(): Promise<AgentFixture> {
    const certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
    const directory = await startSimulatedDirectory({ certificates });
    const seeded = await seed(directory);
    const key = await enrolledKey();
    const cloud = await ScriptedCloud.start(certificates, await TrustRoot.create());
    cloud.agents = [cloud.root.entry("agent-1", key)];
    return new AgentFixture({ certificates, directory, seeded, cloud, key });
  }

  async close(): Promise<void> {
    await this.cloud.stop();
    await this.directory.stop();
    rmSync(this.folder, { recursive: true });
  }

  /**
   * Starts an agent and waits until it listens.
   * @param name of its folder: another agent of the same name has the same journal
   */
  async start(name = "agent", wishes: StartWishes = {}): Promise<AgentProcess> {
    const agent = await AgentProcess.start({
      folder: join(this.folder, name),
      certificates: this.certificates,
      cloud: this.cloud,
      directory: this.directory,
      key: this.key,
      ...wishes,
    });
    await agent.listens();
    return agent;
  }

  target(name: string): Target {
    const facts = this.seeded.get(name);
    const user = SAMPLE_USERS.find((sample) => sample.name === name);
    if (!facts || !user) throw new Error(`no sample ${name}`);
    const { sid, userPrincipalName: upn } = facts;
    return { id: user.id, sourceAnchor: user.sourceAnchor, sid, userPrincipalName: upn };
  }

  request(wish: Wish<Request>): Request {
    return this.cloud.root.request(wish);
  }

  resetOf(name: string, newPassword: string, wish = {}): Request {
    const target = this.target(name);
    return this.request({ operation: "reset", target, newPassword, mustChange: false, ...wish });
  }

  unlockOf(name: string, wish = {}): Request {
    return this.request({ operation: "unlock", target: this.target(name), ...wish });
  }

  binds(name: string, password: string): Promise<BindAnswer> {
    return canBind(this.directory, userPrincipalName({ name }), password);
  }
}

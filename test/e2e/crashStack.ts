import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addUser, type UserFacts } from "../../local/accounts/addUser.ts";
import { canBind } from "../../local/accounts/canBind.ts";
import { readUser } from "../../local/accounts/readUser.ts";
import type { LocalCertificates } from "../../local/certificates.ts";
import type { GraphPerson } from "../../local/identity/people.ts";
import type { LocalDirectory } from "../../local/localDirectory.ts";
import { DOMAIN } from "../../local/samples.ts";
import { graphPeople } from "../../local/stack/graphPeople.ts";
import { type Stack, startStack } from "../../local/stack/startStack.ts";
import { DirectoryProxy } from "../integration/agent/directoryProxy.ts";
import { jsonLines } from "../integration/agent/jsonLines.ts";
import { until } from "../integration/agent/scriptedCloud.ts";

const OLD = "First-Harbour-17";
export const NEW = "Second-Meadow-28";

/** Somebody whose password one case resets. */
export interface CrashPerson extends UserFacts {
  readonly id: string;
  readonly keyVersion: number;
}

/** What a caller was answered; undefined members where the connection broke. */
export interface Heard {
  readonly status?: number;
  readonly code?: string | undefined;
  readonly replayed?: boolean;
}

interface AgentRecord {
  readonly name: string;
  readonly requestId: string;
  readonly target?: string;
  readonly status?: string;
}

/** The whole system, with a network between agent and directory that can be cut and held. */
export class CrashStack<D extends LocalDirectory> {
  readonly stack: Stack;
  readonly directory: D;
  readonly proxy: DirectoryProxy;
  private readonly people: GraphPerson[];
  private made = 0;

  private constructor(stack: Stack, directory: D, proxy: DirectoryProxy) {
    this.stack = stack;
    this.directory = directory;
    this.proxy = proxy;
    this.people = graphPeople(stack.seeded);
  }

  static async start<D extends LocalDirectory>(
    startDirectory: (certificates: LocalCertificates) => Promise<D>,
  ): Promise<CrashStack<D>> {
    let found: { readonly directory: D; readonly proxy: DirectoryProxy } | undefined;
    const stack = await startStack({
      root: process.cwd(),
      startDirectory: async (certificates) => {
        const directory = await startDirectory(certificates);
        found = { directory, proxy: await DirectoryProxy.start(directory) };
        return found.proxy.seen(directory);
      },
      agentTimeouts: { connect: 1_500, search: 1_500, modify: 1_000 },
      settings: { TOTAL_WAIT_SECONDS: "6", WRITE_START_SECONDS: "4" },
    });
    if (!found) throw new Error("no directory was started");
    return new CrashStack(stack, found.directory, found.proxy);
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    await this.proxy.stop();
  }

  /** Somebody new, in the directory and in the cloud. */
  async person(): Promise<CrashPerson> {
    const id = randomUUID();
    const sourceAnchor = randomBytes(16).toString("base64");
    this.made += 1;
    const name = `crash${this.made}`;
    const facts = await addUser(this.directory, { name, password: OLD, sourceAnchor });
    this.people.push({
      id,
      userPrincipalName: facts.userPrincipalName,
      onPremisesSyncEnabled: true,
      onPremisesImmutableId: sourceAnchor,
      onPremisesSecurityIdentifier: facts.sid,
      onPremisesDomainName: DOMAIN,
    });
    this.stack.identity.people.set(this.people);
    const { keyVersion } = await readUser(this.directory, name);
    return { ...facts, id, keyVersion };
  }

  /** The portal resets somebody's password. */
  async reset({ id }: CrashPerson, newPassword = NEW, key?: string): Promise<Heard> {
    const token = await this.stack.tokens.portal();
    const proof = { methods: ["mobilePhone"], time: new Date().toISOString() };
    const answer = await fetch(`${this.stack.api}/v1.0/selfService/resetPassword`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, ...(key && { "Idempotency-Key": key }) },
      body: JSON.stringify({ user: id, newPassword, proof }),
    }).catch(() => undefined);
    if (!answer) return {};
    const body = (await answer.json()) as { error?: { innerError: { code: string } } };
    return {
      status: answer.status,
      code: body.error?.innerError.code,
      replayed: answer.headers.get("idempotency-replayed") === "true",
    };
  }

  /** What the operation reads, and of a failed one its code. */
  async operation(person: CrashPerson): Promise<string> {
    const id = this.records(person).find(({ name }) => name === "accepted")?.requestId;
    const token = await this.stack.tokens.portal();
    const answer = await fetch(`${this.stack.api}/v1.0/selfService/operations/${id}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const body = (await answer.json()) as { status?: string };
    return body.status ?? String(answer.status);
  }

  /** Waits until the operation reads so. */
  async reads(person: CrashPerson, status: string): Promise<void> {
    let read = "";
    let asking = false;
    await until(
      `the operation reads ${status}`,
      () => {
        if (!asking && read !== status) {
          asking = true;
          this.operation(person)
            .then((found) => {
              read = found;
            })
            .catch(() => {})
            .finally(() => {
              asking = false;
            });
        }
        return read === status;
      },
      60_000,
    );
  }

  /** Holds the next write on its way to the directory. @returns resolves when there is one */
  holdWrite(): Promise<void> {
    const before = this.intents();
    return this.proxy.hold("up", () => this.intents() > before);
  }

  /** How often the password was set. */
  async timesSet({ name, keyVersion }: CrashPerson): Promise<number> {
    return (await readUser(this.directory, name)).keyVersion - keyVersion;
  }

  async binds({ dn }: CrashPerson): Promise<{ old: string; new: string }> {
    return {
      new: await canBind(this.directory, dn, NEW),
      old: await canBind(this.directory, dn, OLD),
    };
  }

  /** What the agent has logged of somebody's request. */
  records({ id }: CrashPerson): AgentRecord[] {
    const text = readFileSync(join(this.stack.folder, "agent.log"), "utf8");
    const records = jsonLines<AgentRecord>(text);
    const requests = records.filter(({ target }) => target === id).map((each) => each.requestId);
    return records.filter(({ requestId }) => requests.includes(requestId));
  }

  /** Definite outcomes that both halves have logged of somebody's request. */
  logged(person: CrashPerson): Set<string | undefined> {
    const id = this.records(person)[0]?.requestId ?? "none";
    const text = readFileSync(join(this.stack.folder, "functions.log"), "utf8");
    const ours = jsonLines<{ event: string; operationId?: string; status?: string }>(text).filter(
      ({ event, operationId }) =>
        operationId === id && (event === "operation" || event === "lateOutcome"),
    );
    const all = [...ours, ...this.records(person)].map(({ status }) => status);
    return new Set(all.filter((status) => status !== undefined && status !== "unknown"));
  }

  /** Writes that the agent has noted before sending them. */
  private intents(): number {
    const folder = join(this.stack.folder, "agent/data/journal");
    if (!existsSync(folder)) return 0;
    const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
    return text.join("").split('"kind":"intent"').length - 1;
  }
}

import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalCertificates } from "../../../local/certificates.ts";
import type { LocalDirectory } from "../../../local/localDirectory.ts";
import { CANARY, SERVICE_ACCOUNT, userPrincipalName } from "../../../local/samples.ts";
import { Child } from "../../../local/stack/child.ts";
import { API_CLIENT_ID, NAMESPACE, TENANT_ID } from "../../../local/stack/tenant.ts";
import { jsonLines } from "./jsonLines.ts";
import { type ScriptedCloud, until } from "./scriptedCloud.ts";
import type { EnrolledKey } from "./trustRoot.ts";

export interface AgentOptions {
  readonly folder: string;
  readonly certificates: LocalCertificates;
  readonly cloud: ScriptedCloud;
  readonly directory: LocalDirectory;
  readonly key: EnrolledKey;
  /** Milliseconds for the directory; the agent's own limits without. */
  readonly timeouts?: {
    readonly connect: number;
    readonly search: number;
    readonly modify: number;
  };
  /** Members of the configuration that a test wants different. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

export interface LogRecord {
  readonly name: string;
  readonly event: number;
  readonly requestId?: string;
  readonly messageId?: string;
  readonly [field: string]: unknown;
}

/** The agent as it runs in production: a process of its own, with a configuration file. */
export class AgentProcess {
  readonly child: Child;
  private readonly logFile: string;
  /** Where in the log file this run begins: an earlier one may have written to the same. */
  private readonly begin: number;

  private constructor(child: Child, logFile: string, begin: number) {
    this.child = child;
    this.logFile = logFile;
    this.begin = begin;
  }

  static async start(options: AgentOptions): Promise<AgentProcess> {
    const configuration = await writeConfiguration(options);
    const logFile = join(options.folder, "agent.log");
    const begin = existsSync(logFile) ? statSync(logFile).size : 0;
    const child = new Child({
      command: ["agent/main.ts", "run", "--config", configuration],
      environment: { NODE_EXTRA_CA_CERTS: options.certificates.caFile },
      logFile,
    });
    return new AgentProcess(child, logFile, begin);
  }

  /** Everything it wrote, on standard output and standard error. */
  get text(): string {
    return readFileSync(this.logFile).subarray(this.begin).toString("utf8");
  }

  get records(): LogRecord[] {
    return jsonLines<LogRecord>(this.text);
  }

  named(name: string): LogRecord[] {
    return this.records.filter((record) => record.name === name);
  }

  /** Whether it has refused a message because it does not trust who signed it. */
  refused(id: string): boolean {
    const codes = ["certificateInvalid", "trustListOutdated"];
    return this.records.some(({ messageId, name }) => messageId === id && codes.includes(name));
  }

  /** Waits until it takes requests. */
  async listens(): Promise<void> {
    await this.logs("listening");
  }

  /** Waits for a record of this name that was not there before. */
  async logs(name: string, count = 1): Promise<LogRecord> {
    await until(`${count} × ${name} in the log`, () => this.named(name).length >= count);
    return this.named(name)[count - 1] as LogRecord;
  }
}

async function writeConfiguration(options: AgentOptions): Promise<string> {
  const { folder, cloud, directory, key, certificates, timeouts, overrides } = options;
  await mkdir(join(folder, "keys"), { recursive: true });
  const put = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return name;
  };
  await put("keys/encryption.jwk.json", JSON.stringify(key.jwk));
  const certificate = await certificates.leaf("agent", ["agent-1"], "rsa");
  const configuration = {
    agentId: "agent-1",
    connector: cloud.root.connector,
    tenantId: TENANT_ID,
    entra: {
      authority: cloud.identity.authority,
      clientId: cloud.apps.agent.clientId,
      certificateFile: await put("agent.pem", `${certificate.key}\n${certificate.certificate}`),
    },
    api: { url: cloud.apiUrl, scope: `api://${API_CLIENT_ID}/.default` },
    relay: { namespace: NAMESPACE, endpoint: cloud.broker.url },
    rootKey: cloud.root.rootKey,
    keyFolder: "keys",
    dataDirectory: "data",
    directory: {
      domains: [
        {
          domainControllers: [{ url: directory.url, servername: directory.servername }],
          caFile: directory.caFile,
          baseDn: directory.baseDn,
          bindDn: userPrincipalName(SERVICE_ACCOUNT),
          passwordFile: await put("service-account.secret", `${SERVICE_ACCOUNT.password}\n`),
          sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
          canary: userPrincipalName(CANARY),
        },
      ],
      ...(timeouts && { timeouts }),
    },
    ...overrides,
  };
  return join(folder, await put("agent.json", JSON.stringify(configuration)));
}

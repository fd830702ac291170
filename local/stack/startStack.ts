import { join, resolve } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { publicKey } from "../../protocol/trustList.ts";
import type { Broker } from "../broker/startBroker.ts";
import { LocalCertificates } from "../certificates.ts";
import type { Identity } from "../identity/startIdentity.ts";
import type { LocalDirectory } from "../localDirectory.ts";
import { type SeededUsers, seed } from "../seed.ts";
import type { Tables } from "../tables/startTables.ts";
import type { Vault } from "../vault/startVault.ts";
import { type AgentFolderOptions, writeAgentFolder } from "./agentFolder.ts";
import { Child } from "./child.ts";
import { claimPort, releasePort } from "./claimPort.ts";
import { anyFreePort } from "./freePort.ts";
import { graphPeople } from "./graphPeople.ts";
import { hostSettings, removeHostSettings, writeHostSettings } from "./hostSettings.ts";
import type { Operator } from "./operator.ts";
import { writeOperatorProfile } from "./operatorProfile.ts";
import { openDoor } from "./registrationDoor.ts";
import { AUTOMATION_GROUP_ID } from "./sampleGroups.ts";
import { startAzure } from "./startAzure.ts";
import { type Applications, applications } from "./tenant.ts";
import { startTlsFront } from "./tlsFront.ts";
import { Tokens } from "./tokens.ts";
import { untilAvailable } from "./untilAvailable.ts";
import { vaultRights } from "./vaultRights.ts";

const USUAL_PORT = 7071;

export interface StackOptions {
  /** Folder of the repository. */
  readonly root: string;
  readonly startDirectory: (certificates: LocalCertificates) => Promise<LocalDirectory>;
  /** 7071 if it is free, unless told. */
  readonly port?: number;
  /** Members of the agent's configuration that a test wants different. */
  readonly agentOverrides?: Readonly<Record<string, unknown>>;
  /** How patient the agent is with the directory. */
  readonly agentTimeouts?: AgentFolderOptions["timeouts"];
  /** Script of the agent: its sources, unless the bundle is named. */
  readonly agentScript?: string;
  /** Leaves the functions' host to somebody else, and writes what it needs to this file. */
  readonly hostSettingsFile?: string;
  /** Settings of the functions that a test wants different. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told when a process ends without having been asked to. */
  readonly onLost?: (name: "functions" | "agent" | "tables") => void;
}

/** The whole system on this machine. */
export interface Stack {
  readonly api: string;
  readonly tokens: Tokens;
  readonly applications: Applications;
  readonly directory: LocalDirectory;
  readonly seeded: SeededUsers;
  readonly identity: Identity;
  readonly broker: Broker;
  readonly vault: Vault;
  readonly tables: Tables;
  readonly operator: Operator;
  /** Holds the logs of both processes and the agent's files. */
  readonly folder: string;
  /** There is no process of the functions where somebody else starts their host. */
  readonly processes: { functions?: Child; agent: Child };
  /** What such a host needs: its settings, and the authority that its Node is to trust. */
  readonly hostSettings?: { readonly file: string; readonly caFile: string };
  /** Starts another agent process with the same files, after the first was stopped or killed. */
  restartAgent(): void;
  /** The same for the functions. */
  restartFunctions(): void;
  /** Resolves when an agent listens. @throws Error where a process ends, or after a minute */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

type Stoppable = { stop(): Promise<unknown> };

/** Starts every stand-in, then functions and agent as processes of their own. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const started: Stoppable[] = [];
  const keep = <T extends Stoppable>(part: T): T => {
    started.push(part);
    return part;
  };
  const stopAll = async () => {
    for (const part of started.reverse().splice(0)) await part.stop().catch(() => {});
  };
  try {
    return await assemble(options, keep, stopAll);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function assemble(
  options: StackOptions,
  keep: <T extends Stoppable>(part: T) => T,
  stopAll: () => Promise<void>,
): Promise<Stack> {
  const { root, startDirectory, port, hostSettingsFile, onLost } = options;
  const local = join(root, ".local");
  const certificates = await LocalCertificates.open(join(local, "certificates"));
  // This process plays the operator: it calls vault and tables over TLS like anybody else.
  setDefaultCACertificates([...getCACertificates("default"), certificates.ca]);
  const { port: apiPort, folder } = await claimPort(local, USUAL_PORT, port);
  keep({ stop: () => releasePort({ port: apiPort, folder }) });

  const agentCertificate = await certificates.leaf("agent", ["agent-1"], "rsa");
  const operatorCertificate = await certificates.leaf("operator", ["operator"], "rsa");
  const apps = applications(agentCertificate, operatorCertificate);
  const [directory, azure] = await allOrError([
    startDirectory(certificates).then(keep),
    startAzure({
      certificates,
      applications: apps,
      vaultRights: vaultRights(apps),
      onTablesLost: () => onLost?.("tables"),
    }).then(keep),
  ]);
  const { identity, tables, vault, broker, operator } = azure;
  const seeded = await seed(directory);
  identity.people.set(graphPeople(seeded));
  const api = `http://127.0.0.1:${apiPort}`;
  const tlsPort = await anyFreePort();
  const apiCertificate = await certificates.leaf("api", ["127.0.0.1", "localhost"]);
  const agentFolder = await writeAgentFolder({
    folder: join(folder, "agent"),
    apiUrl: `https://127.0.0.1:${tlsPort}`,
    busUrl: broker.url,
    identity,
    applications: apps,
    certificate: agentCertificate,
    directory,
    rootKey: publicKey.parse(azure.rootKey.publicJwk),
    timeouts: options.agentTimeouts,
    overrides: options.agentOverrides,
  });
  await operator.publish([azure.signingKey], [agentFolder.entry]);
  await writeOperatorProfile({
    folder,
    apiUrl: `https://127.0.0.1:${tlsPort}`,
    busUrl: broker.url,
    vaultUrl: vault.url,
    authority: identity.authority,
    clientId: apps.operator.clientId,
    certificate: operatorCertificate,
    rootKey: publicKey.parse(azure.rootKey.publicJwk),
    caFile: certificates.caFile,
  });
  keep(await openDoor(folder, azure.registrations));

  const settings = { ...azure.settings, AUTOMATION_GROUP_ID, ...options.settings };
  const trust = { NODE_EXTRA_CA_CERTS: certificates.caFile };
  let stopping = false;
  const start = (name: "functions" | "agent", command: string[], environment = {}): Child => {
    const child = new Child({
      command,
      environment: { ...trust, ...environment },
      logFile: join(folder, `${name}.log`),
    });
    child.onEnd(() => stopping || onLost?.(name));
    return child;
  };
  const startAgent = () =>
    start("agent", [
      resolve(root, options.agentScript ?? "agent/main.ts"),
      ...["run", "--config", agentFolder.configurationFile],
    ]);
  const startFunctions = () =>
    start(
      "functions",
      [
        ...[join(root, "local/host/main.ts"), "--port", String(apiPort)],
        ...["--tls-port", String(tlsPort)],
        ...["--certificate", apiCertificate.certificateFile, "--key", apiCertificate.keyFile],
      ],
      settings,
    );
  if (hostSettingsFile !== undefined) {
    keep({ stop: () => removeHostSettings(hostSettingsFile) });
    await writeHostSettings(hostSettingsFile, hostSettings(settings, apiPort, certificates.caFile));
    keep(await startTlsFront({ port: tlsPort, certificate: apiCertificate, to: apiPort }));
  }
  const processes: Stack["processes"] = {
    ...(hostSettingsFile === undefined && { functions: startFunctions() }),
    agent: startAgent(),
  };
  keep({ stop: async () => processes.functions?.stop() });
  keep({ stop: () => processes.agent.stop() });
  const tokens = new Tokens(identity, apps);
  const stack: Stack = {
    api,
    tokens,
    applications: apps,
    directory,
    seeded,
    identity,
    broker,
    vault,
    tables,
    operator,
    folder,
    processes,
    ...(hostSettingsFile !== undefined && {
      hostSettings: { file: hostSettingsFile, caFile: certificates.caFile },
    }),
    restartAgent: () => {
      processes.agent = startAgent();
    },
    restartFunctions: () => {
      processes.functions = startFunctions();
    },
    ready: () => untilAvailable(stack),
    stop: async () => {
      stopping = true;
      await stopAll();
    },
  };
  if (hostSettingsFile === undefined) await stack.ready();
  return stack;
}

/** As `Promise.all`, but an error waits for the others, so that they can be stopped too. */
async function allOrError<T extends readonly unknown[]>(parts: { [K in keyof T]: Promise<T[K]> }) {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}

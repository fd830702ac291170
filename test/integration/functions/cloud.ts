import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readConfiguration } from "../../../functions/configuration.ts";
import type { Log, LogFields } from "../../../functions/log.ts";
import { buildParts, type RunningParts } from "../../../functions/parts.ts";
import type { Broker } from "../../../local/broker/startBroker.ts";
import { hostListener } from "../../../local/host/server.ts";
import { SERVICE_BUS } from "../../../local/identity/resource.ts";
import type { Identity } from "../../../local/identity/startIdentity.ts";
import { DOMAIN, SAMPLE_USERS } from "../../../local/samples.ts";
import type { SeededUsers } from "../../../local/seed.ts";
import { graphPeople } from "../../../local/stack/graphPeople.ts";
import type { Operator } from "../../../local/stack/operator.ts";
import { startAzure } from "../../../local/stack/startAzure.ts";
import { type Applications, NAMESPACE } from "../../../local/stack/tenant.ts";
import { Tokens } from "../../../local/stack/tokens.ts";
import { vaultRights } from "../../../local/stack/vaultRights.ts";
import type { Tables } from "../../../local/tables/startTables.ts";
import type { Vault, VaultKey } from "../../../local/vault/startVault.ts";
import type { TrustedAgent, TrustList } from "../../../protocol/trustList.ts";
import { localApplications } from "../localApplications.ts";
import { ScriptedAgent } from "./scriptedAgent.ts";

/** The cloud half in this process, behind our host, with real peers and a scripted agent. */
export interface Cloud {
  readonly url: string;
  readonly tokens: Tokens;
  readonly apps: Applications;
  readonly agent: ScriptedAgent;
  readonly identity: Identity;
  readonly broker: Broker;
  readonly vault: Vault;
  readonly tables: Tables;
  readonly operator: Operator;
  readonly signingKey: VaultKey;
  readonly running: RunningParts;
  /** What another host of the same functions would read from its environment. */
  readonly settings: Readonly<Record<string, string>>;
  /** Takes the functions' right to sign away, or gives it back. */
  withdraw(isWithdrawn: boolean): void;
  /** Everything that was logged, as one text per record. */
  readonly logged: string[];
  /** Puts a trust list of these agents in force. */
  publish(agents: readonly TrustedAgent[]): Promise<void>;
  /** Sends the heartbeat that makes the scripted agent live. */
  heartbeat(changes?: Record<string, unknown>): Promise<Response>;
  stop(): Promise<void>;
}

/** SIDs as a directory would have given them. */
const seededWithoutDirectory = (): SeededUsers =>
  new Map(
    SAMPLE_USERS.filter(({ about }) => about !== "cloudOnly").map((user, index) => [
      user.name,
      {
        name: user.name,
        userPrincipalName: `${user.name}@${DOMAIN}`,
        dn: "",
        objectGuid: Buffer.alloc(16),
        sid: `S-1-5-21-1-2-3-${1_100 + index}`,
        sourceAnchor: user.sourceAnchor,
      },
    ]),
  );

/** @param settings of the functions that a test wants different */
export async function startCloud(settings: Record<string, string> = {}): Promise<Cloud> {
  const { certificates, apps } = await localApplications();
  const may = vaultRights(apps);
  let isWithdrawn = false;
  const azure = await startAzure({
    certificates,
    applications: apps,
    vaultRights: (subject, key, action) =>
      !(isWithdrawn && subject === apps.functions.objectId) && may(subject, key, action),
  });
  const { identity, tables, vault, broker, operator, signingKey } = azure;
  identity.people.set(graphPeople(seededWithoutDirectory()));
  let agents: readonly TrustedAgent[] = [];
  const list = (): TrustList => ({
    version: 1,
    serial: 1,
    iat: 1,
    signingKeys: [{ kid: signingKey.id, key: signingKey.publicJwk as never }],
    agents: [...agents],
  });
  const agent = await ScriptedAgent.make(
    {
      namespace: NAMESPACE,
      busUrl: broker.url,
      list,
      token: () =>
        identity.mintToken({
          audience: SERVICE_BUS,
          subject: { kind: "app", application: apps.agent },
        }),
    },
    apps.agent.objectId,
  );
  const publish = async (next: readonly TrustedAgent[]) => {
    agents = next;
    await operator.publish([signingKey], next);
  };
  await publish([agent.entry]);

  process.env.IDENTITY_ENDPOINT = identity.managedIdentityEndpoint;
  process.env.IDENTITY_HEADER = identity.managedIdentityHeader;
  const logged: string[] = [];
  const write = (event: string, fields: LogFields) =>
    void logged.push(JSON.stringify({ event, ...fields }));
  const log: Log = { info: write, error: write };
  const running = buildParts(
    readConfiguration({
      ...azure.settings,
      TOTAL_WAIT_SECONDS: "2",
      WRITE_START_SECONDS: "1",
      // Tests ask again and again until something holds, faster than people do.
      RATE_REQUESTER_PER_MINUTE: "0",
      RATE_ADDRESS_PER_MINUTE: "0",
      ...settings,
    }),
    log,
  );
  await running.start();
  const server = createServer(hostListener(running.parts, log, {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  agent.listen();
  const tokens = new Tokens(identity, apps);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let counter = Date.now();
  const heartbeat = async (changes: Record<string, unknown> = {}) => {
    counter += 1;
    return fetch(`${url}/v1.0/agents/agent-1/heartbeat`, {
      method: "POST",
      headers: { Authorization: `Bearer ${await tokens.agent()}` },
      body: JSON.stringify({
        version: 1,
        nonce: randomBytes(24).toString("base64url"),
        counter,
        agentVersion: "0.0.0",
        state: "listening",
        relay: "up",
        directory: { state: "up" },
        serial: 1,
        ...changes,
      }),
    });
  };
  await heartbeat();
  return {
    url,
    tokens,
    apps,
    agent,
    identity,
    broker,
    vault,
    tables,
    operator,
    signingKey,
    withdraw: (withdrawn) => {
      isWithdrawn = withdrawn;
    },
    running,
    settings: azure.settings,
    logged,
    publish,
    heartbeat,
    stop: async () => {
      await close(server);
      await Promise.all([running.stop(), agent.stop()]);
      await azure.stop();
    },
  };
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

import type { SETTINGS } from "../../functions/settings/settings.ts";
import { publicKey } from "../../protocol/trustList.ts";
import { type Broker, startBroker } from "../broker/startBroker.ts";
import type { LocalCertificates } from "../certificates.ts";
import type { Application } from "../identity/application.ts";
import { SERVICE_BUS } from "../identity/resource.ts";
import { type Identity, startIdentity } from "../identity/startIdentity.ts";
import { CONNECTOR, DOMAIN } from "../samples.ts";
import { startTables, type Tables } from "../tables/startTables.ts";
import { startVault, type Vault, type VaultKey } from "../vault/startVault.ts";
import type { VaultRights } from "../vault/vaultAccess.ts";
import { LOCAL_SETTINGS } from "./localSettings.ts";
import { Operator, ROOT_KEY_NAME, SIGNING_KEY_NAME } from "./operator.ts";
import { QUEUES, queueRights } from "./queueRights.ts";
import { Registrations } from "./registrations.ts";
import { ROLES_HELD } from "./rolesHeld.ts";
import { SAMPLE_GROUPS } from "./sampleGroups.ts";
import {
  API_CLIENT_ID,
  type Applications,
  allowedClients,
  NAMESPACE,
  STEP_UP_CONTEXT,
  TENANT_ID,
} from "./tenant.ts";

/** What the managed identity's own library reads, and settings of the functions. */
type SettingName = "IDENTITY_ENDPOINT" | "IDENTITY_HEADER" | keyof typeof SETTINGS;

export interface AzureOptions {
  readonly certificates: LocalCertificates;
  readonly applications: Applications;
  /** Who may do what with which key. */
  readonly vaultRights: VaultRights;
  /** Told when the tables end without having been asked to. */
  readonly onTablesLost?: () => void;
}

/** The local peers of the cloud half: what would be Azure and Entra. */
export interface Azure {
  readonly identity: Identity;
  /** Agents that are registered while all of it runs. */
  readonly registrations: Registrations;
  readonly tables: Tables;
  readonly vault: Vault;
  readonly broker: Broker;
  readonly operator: Operator;
  readonly rootKey: VaultKey;
  readonly signingKey: VaultKey;
  /** What the functions read from their environment to run against these peers. */
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts identity, tables, vault and broker, and makes the root and the signing key. */
export async function startAzure(options: AzureOptions): Promise<Azure> {
  const { certificates, applications } = options;
  const tenant: Application[] = Object.values(applications);
  const registrations = new Registrations(tenant);
  const identity = await startIdentity({
    certificates,
    tenantId: TENANT_ID,
    applications: tenant,
    people: [],
  });
  identity.roles.set(ROLES_HELD);
  identity.groups.set(SAMPLE_GROUPS);
  const tables = await startTables({ certificates, onLost: options.onTablesLost });
  const vault = await startVault({
    certificates,
    tenantId: TENANT_ID,
    authority: identity.authority,
    verify: identity.verify,
    may: options.vaultRights,
  });
  const broker = await startBroker({
    queues: QUEUES,
    certificate: await certificates.leaf("broker", ["127.0.0.1", "localhost"]),
    verifyToken: async (token) => {
      const claims = await identity.verify(token, SERVICE_BUS).catch(() => undefined);
      return claims && { subject: String(claims.oid), expiresAt: Number(claims.exp) * 1_000 };
    },
    mayUse: queueRights(applications, (id) => registrations.isAgent(id)),
  });
  const rootKey = await vault.ensureKey(ROOT_KEY_NAME);
  const operator = new Operator({
    identity,
    applications,
    vaultUrl: vault.url,
    tablesUrl: tables.url,
  });
  await operator.decide(LOCAL_SETTINGS);
  return {
    identity,
    registrations,
    tables,
    vault,
    broker,
    rootKey,
    signingKey: await vault.ensureKey(SIGNING_KEY_NAME),
    operator,
    settings: {
      IDENTITY_ENDPOINT: identity.managedIdentityEndpoint,
      IDENTITY_HEADER: identity.managedIdentityHeader,
      TENANT_ID,
      API_CLIENT_ID,
      ALLOWED_CLIENTS: JSON.stringify(allowedClients(applications)),
      STEP_UP_CONTEXT,
      AUTHORITY: identity.authority,
      GRAPH_URL: identity.graphUrl,
      MANAGED_IDENTITY_CLIENT_ID: applications.functions.clientId,
      SERVICE_BUS_NAMESPACE: NAMESPACE,
      SERVICE_BUS_ENDPOINT: broker.url,
      TABLES_URL: tables.url,
      KEY_VAULT_URL: vault.url,
      ROOT_KEY_NAME,
      ROOT_PUBLIC_KEY: JSON.stringify(publicKey.parse(rootKey.publicJwk)),
      CONNECTORS: JSON.stringify([{ name: CONNECTOR, domains: [DOMAIN] }]),
    } satisfies Partial<Record<SettingName, string>>,
    stop: async () => {
      await Promise.all([broker.stop(), vault.stop(), tables.stop(), identity.stop()]);
    },
  };
}

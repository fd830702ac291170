import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ManagedIdentityCredential } from "@azure/identity";
import { type AccessSettings, accessSettings } from "./access/accessSettings.ts";
import { keysOf } from "./access/authority.ts";
import { TenantKeys } from "./access/tenantKeys.ts";
import { tokenVerifier, type VerifyToken } from "./access/token.ts";
import { Audit } from "./audit/audit.ts";
import { recordOfBrake } from "./audit/recordOfBrake.ts";
import type { Configuration } from "./configuration.ts";
import type { Log } from "./log.ts";
import { graphClient } from "./people/graph.ts";
import { Memberships } from "./people/memberships.ts";
import { Roles } from "./people/roles.ts";
import { type FindUser, userFinder } from "./people/userFacts.ts";
import { Agents } from "./records/agents.ts";
import { purgeAudit } from "./records/auditPurge.ts";
import { AuditRecords } from "./records/auditRecords.ts";
import { BrakeRows } from "./records/brakeRows.ts";
import { CounterRows } from "./records/counterRows.ts";
import { FIRST_TRUST_TABLE, firstTrustList } from "./records/firstTrustList.ts";
import { groundReader } from "./records/groundRows.ts";
import { Operations } from "./records/operations.ts";
import { PublishedList } from "./records/publishedList.ts";
import { purge } from "./records/purge.ts";
import { Reservations } from "./records/reservations.ts";
import { SettingsStore } from "./records/settingsStore.ts";
import { createTables, openTable, openTables } from "./records/tables.ts";
import { Unresolved } from "./records/unresolved.ts";
import { Relay } from "./relay/relay.ts";
import type { Connector } from "./settings/values.ts";
import { Brake } from "./throttle/brake.ts";
import { brakeSettingsOf, limitsOf, rateLimitsOf } from "./throttle/limits.ts";
import { Rates } from "./throttle/rates.ts";
import { Throttle } from "./throttle/throttle.ts";
import { timeLimited } from "./timeLimit.ts";
import { InstanceKey } from "./trust/instanceKey.ts";
import { KeyAlerts } from "./trust/keyAlerts.ts";
import { RollbackWatch } from "./trust/rollbackWatch.ts";
import { publishedList, TrustSource } from "./trust/trustSource.ts";
import { openVault } from "./trust/vault.ts";
import { RulesCache } from "./writeback/rulesCache.ts";
import { Running } from "./writeback/running.ts";

/** Everything that handlers stand on. Tests build their own. */
export interface Parts {
  readonly tenantId: string;
  readonly connectors: readonly Connector[];
  /** Milliseconds that a caller waits at most. */
  readonly totalWait: number;
  /** Milliseconds after arrival from which no write may start. */
  readonly writeStart: number;
  /** Milliseconds that a proof of identity may be old. */
  readonly proofMaxAge: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly verifyToken: VerifyToken;
  /** What of the routes' guards is configured. */
  readonly access: AccessSettings;
  readonly findUser: FindUser;
  readonly memberships: Memberships;
  readonly roles: Roles;
  /** Whether holders of Entra roles may use self-service and portals. */
  readonly selfServiceForRoleHolders: boolean;
  /** Object id of the group whose members automation may help; without one there is none. */
  readonly automationGroup: string | undefined;
  readonly settings: SettingsStore;
  readonly operations: Operations;
  readonly reservations: Reservations;
  readonly agents: Agents;
  readonly unresolved: Unresolved;
  readonly trust: TrustSource;
  readonly publishedList: PublishedList;
  /** Serial on the root key. */
  readonly newestSerial: () => Promise<number>;
  readonly instanceKey: InstanceKey;
  readonly keyAlerts: KeyAlerts;
  readonly rollbackWatch: RollbackWatch;
  readonly relay: Relay;
  readonly running: Running;
  readonly audit: Audit;
  readonly auditRecords: AuditRecords;
  /** Delete records that are kept no longer. @returns how many @throws ApiError */
  readonly purge: () => Promise<number>;
  readonly purgeAudit: () => Promise<number>;
  readonly rules: RulesCache;
  readonly throttle: Throttle;
  readonly rates: Rates;
  readonly brake: Brake;
}

/** A set of parts that is being used, and how to begin and end its use. */
export interface RunningParts {
  readonly parts: Parts;
  /** Opens links and makes tables; what fails here shows at the first call. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Builds the cloud half from its settings. */
export function buildParts(configuration: Configuration, log: Log): RunningParts {
  const now = Date.now;
  const tenantId = configuration.TENANT_ID;
  const credential = timeLimited(
    new ManagedIdentityCredential({ clientId: configuration.MANAGED_IDENTITY_CLIENT_ID }),
  );
  const tables = openTables(configuration.TABLES_URL, credential);
  const vault = openVault(configuration.KEY_VAULT_URL, configuration.ROOT_KEY_NAME, credential);
  const readGround = groundReader(tables.ground);
  const readFirst = firstTrustList(
    openTable(configuration.TABLES_URL, FIRST_TRUST_TABLE, credential),
  );
  const readList = publishedList(readGround, readFirst);
  const trust = new TrustSource(readList, configuration.ROOT_PUBLIC_KEY, now);
  const tokens = {
    tenantId,
    audience: configuration.API_CLIENT_ID,
    authority: configuration.AUTHORITY,
  };
  const tokenKeys = new TenantKeys(keysOf(tokens.authority, tenantId), log);
  const relay = new Relay(
    {
      namespace: configuration.SERVICE_BUS_NAMESPACE,
      endpoint: configuration.SERVICE_BUS_ENDPOINT,
      credential,
    },
    log,
  );
  const graph = graphClient(configuration.GRAPH_URL, credential);
  const auditRecords = new AuditRecords(tables.audit);
  const audit = new Audit(auditRecords, now);
  const brakeRows = new BrakeRows(tables.throttle, tables.ground, readGround);
  const { MANAGED_IDENTITY_CLIENT_ID: ownId } = configuration;
  const brake = new Brake(brakeRows, brakeSettingsOf(configuration), now, log, (braked) =>
    audit.write(recordOfBrake(braked, ownId, randomUUID(), now()), log),
  );
  const parts: Parts = {
    tenantId,
    connectors: configuration.CONNECTORS,
    totalWait: configuration.TOTAL_WAIT_SECONDS * 1_000,
    writeStart: configuration.WRITE_START_SECONDS * 1_000,
    proofMaxAge: configuration.PROOF_MAX_AGE_SECONDS * 1_000,
    now,
    sleep,
    verifyToken: tokenVerifier(tokens, tokenKeys.find, now),
    access: accessSettings(configuration),
    findUser: userFinder(graph),
    memberships: new Memberships(graph, now),
    roles: new Roles(graph, configuration.GRAPH_URL),
    selfServiceForRoleHolders: configuration.SELF_SERVICE_FOR_ROLE_HOLDERS,
    automationGroup: configuration.AUTOMATION_GROUP_ID,
    settings: new SettingsStore(tables.ground, readGround),
    operations: new Operations(tables.operations),
    reservations: new Reservations(tables.reservations, now),
    agents: new Agents(tables.ground, readGround),
    unresolved: new Unresolved(tables.unresolved, now),
    trust,
    publishedList: new PublishedList(tables.ground, readFirst),
    newestSerial: () => vault.newestSerial(),
    instanceKey: new InstanceKey(vault, trust, now),
    keyAlerts: new KeyAlerts(now),
    rollbackWatch: new RollbackWatch(trust, () => vault.newestSerial(), now),
    relay,
    running: new Running(),
    audit,
    auditRecords,
    purge: () => purge(tables, async () => (await trust.current()).list.agents, now),
    purgeAudit: () => purgeAudit(tables.audit, configuration.AUDIT_RETENTION_DAYS, now),
    rules: new RulesCache(now),
    throttle: new Throttle(new CounterRows(tables.throttle), limitsOf(configuration), now),
    rates: new Rates(rateLimitsOf(configuration), now),
    brake,
  };
  return {
    parts,
    start: async () => {
      tokenKeys.start();
      relay.start(configuration.CONNECTORS.map(({ name }) => name));
      await createTables(tables);
      brake.start();
      const { list } = await trust.current();
      await parts.instanceKey.identity(list);
      await parts.settings.current();
    },
    stop: () => {
      brake.stop();
      tokenKeys.stop();
      return relay.stop();
    },
  };
}

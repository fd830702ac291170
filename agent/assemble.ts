import { setTimeout as sleep } from "node:timers/promises";
import { apiClient, type Post } from "./api.ts";
import { Clock } from "./clock.ts";
import type { Configuration } from "./configuration.ts";
import { agentCredential } from "./credential.ts";
import { openJournal, openNumber } from "./dataDirectory.ts";
import { openPool } from "./directory/openPool.ts";
import { HeartbeatSender } from "./heartbeat.ts";
import { Inbox } from "./inbox/inbox.ts";
import { requestFields } from "./inbox/logFields.ts";
import { LateOutcomeSender } from "./journal/lateOutcomeSender.ts";
import { Ledger } from "./journal/ledger.ts";
import { Observer } from "./journal/observer.ts";
import { readSeen } from "./journal/readSeen.ts";
import type { Log } from "./log.ts";
import { type Domain, executeInDomain } from "./operations/executeInDomain.ts";
import { Listener } from "./relay/listener.ts";
import { RelayClient } from "./relay/relayClient.ts";
import { ReplySender } from "./relay/replySender.ts";
import { checkFiles, readNamed, readSecret } from "./secretFiles.ts";
import { KeyRing } from "./trust/keyRing.ts";
import { TrustKeeper } from "./trust/trustKeeper.ts";
import { TrustState } from "./trust/trustState.ts";

/** What the agent is made of. */
export type Parts = Awaited<ReturnType<typeof assemble>>;

/**
 * Reads the files that the configuration names and puts the agent together; none of it is at work
 * yet.
 * @throws ConfigurationError
 */
export async function assemble(configuration: Configuration, log: Log) {
  const { agentId, connector, tenantId, rootKey, dataDirectory } = configuration;
  await checkFiles(configuration);
  const keys = await KeyRing.open(configuration.keyFolder);
  const clock = new Clock();
  const trust = new TrustState(
    rootKey,
    { agent: agentId, connector, keys },
    clock,
    await openNumber(dataDirectory, "trust-list-serial"),
  );
  const credential = agentCredential(configuration);
  const post = apiClient(configuration.api, credential);
  const domains = await openDomains(configuration.directory);
  const { timeouts } = configuration.directory;
  const ledger = await openLedger(
    configuration,
    { clock, post, log },
    new Observer({
      read: (intent) =>
        readSeen(
          domains.map(({ pool }) => pool),
          intent,
        ),
      modifyMs: timeouts.modify,
      wall: Date.now,
      sleep: (milliseconds) => sleep(milliseconds, undefined, { ref: false }),
    }),
  );
  const heartbeats = new HeartbeatSender({
    post,
    trust,
    clock,
    counter: await openNumber(dataDirectory, "heartbeat-counter"),
    log,
    unresolved: (ids) => void ledger.resolve(ids).catch(() => log("journalNotWritten")),
  });
  const relay = new RelayClient(configuration.relay, credential);
  const replies = new ReplySender(relay);
  const inbox = new Inbox({
    opener: { trust, clock, tenant: tenantId, refresh: () => heartbeats.refresh() },
    execute: (request, remaining, heldMs) =>
      executeInDomain(domains, request, {
        heldMs,
        remaining,
        note: ledger.note(request),
        guarded: (event, rules) => log(event, { ...requestFields(request), rules }),
      }),
    ledger,
    reply: (address, body) => replies.send(address, body),
    log,
    // A write, and after it the second search of a reset that sets "must change" apart.
    afterExpiryMs: timeouts.modify + timeouts.search,
  });
  const { maximumJobs } = configuration;
  const listener = new Listener({ relay, connector, maximumJobs, handle: inbox.handle, log });
  const keeper = new TrustKeeper({
    dataDirectory,
    certificateFile: configuration.entra.certificateFile,
    trust,
    keys,
    clock,
    log,
    wall: Date.now,
  });
  return { trust, keeper, heartbeats, domains, relay, replies, inbox, listener, ledger };
}

async function openLedger(
  { dataDirectory, agentId }: Configuration,
  { clock, post, log }: { clock: Clock; post: Post; log: Log },
  observer: Observer,
): Promise<Ledger> {
  const wall = Date.now;
  const journal = await openJournal(dataDirectory, { now: () => clock.now(), wall });
  const told = (id: string): void => {
    journal
      .told(id, journal.find(id)?.expires ?? clock.now())
      .catch(() => log("journalNotWritten"));
  };
  const late = new LateOutcomeSender({ agent: agentId, post, log, told, wall });
  return new Ledger({ agent: agentId, journal, observer, late, log, wall });
}

const openDomains = ({
  domains,
  connections,
  timeouts,
}: Configuration["directory"]): Promise<Domain[]> =>
  Promise.all(
    domains.map(async ({ domainControllers, bindDn, passwordFile, caFile, ...settings }, at) => {
      const key = `directory.domains.${at}`;
      const ca = caFile === undefined ? undefined : await readNamed(`${key}.caFile`, caFile);
      const pool = openPool({ domainControllers, bindDn, ca, connections, timeouts }, () =>
        readSecret(`${key}.passwordFile`, passwordFile),
      );
      return { pool, settings };
    }),
  );

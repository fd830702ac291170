import { randomBytes } from "node:crypto";
import type { LocalCertificates } from "../certificates.ts";
import { DC_HOST, DOMAIN } from "../samples.ts";
import { protect, protectMembers } from "./accounts/protection.ts";
import { type CarriedOut, Connection, type Latency, type Service } from "./connection.ts";
import { Counters } from "./counters.ts";
import type { PolicyHintsOffer } from "./domain/condition.ts";
import type { Domain } from "./domain/domain.ts";
import { newDomain } from "./domain/newDomain.ts";
import { Faults } from "./faults.ts";
import { Listener } from "./listener.ts";
import { resolve } from "./names/resolve.ts";
import type { SimulatedDirectory } from "./simulatedDirectory.ts";
import type { Entry } from "./store/entry.ts";

export interface SimulatedDirectoryOptions {
  readonly certificates: LocalCertificates;
  /** DNS name of the domain; the samples' unless named. */
  readonly dnsName?: string;
  /** DNS name of its controller, which its certificate carries. */
  readonly dnsHostName?: string;
  /** 0 for a free one. */
  readonly port?: number;
  readonly host?: "127.0.0.1";
  /** Milliseconds since 1970: the time of the whole directory. */
  readonly clock?: () => number;
  /** By how many milliseconds the answer to an operation is held back. */
  readonly latency?: Latency;
  readonly carriedOut?: CarriedOut;
  /** Which policy-hints controls are known: none before 2008 R2, one until 2012, now both. */
  readonly policyHints?: PolicyHintsOffer;
}

/** Starts a domain of its own; it has no accounts but the built-in ones. */
export async function startSimulatedDirectory(
  options: SimulatedDirectoryOptions,
): Promise<SimulatedDirectory> {
  const { certificates, port = 0, host = "127.0.0.1", clock = Date.now } = options;
  const { dnsName = DOMAIN, dnsHostName = DC_HOST } = options;
  const domain = newDomain({
    dnsName,
    host: dnsHostName,
    policyHints: options.policyHints ?? true,
    clock,
  });
  const password = `Aa1!${randomBytes(18).toString("base64url")}`;
  setFirstPassword(domain, password);

  const faults = new Faults();
  const counters = new Counters();
  const timers = new Set<NodeJS.Timeout>();
  const leaf = await certificates.leaf(dnsHostName, [dnsHostName, host, "localhost"]);
  const service: Service = {
    domain,
    faults,
    counters,
    latency: options.latency,
    carriedOut: options.carriedOut,
    isFrozen: () => listener.isFrozen,
    later: (work, milliseconds) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        work();
      }, milliseconds);
      timers.add(timer);
    },
  };
  const listener = new Listener(leaf, (socket, abort) => {
    counters.connections += 1;
    return new Connection(service, socket, abort);
  });
  const boundPort = await listener.listen(port, host);

  const end = (close: () => Promise<void>) => async (): Promise<void> => {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    await close();
  };
  const holderOf = (account: string): Entry => {
    const holders = domain.store.index.find("samaccountname", Buffer.from(account));
    const holder = holders?.values().next().value;
    if (!holder) throw new Error(`no account ${account} to give rights to`);
    return holder;
  };
  return {
    kind: "simulated",
    url: `ldaps://${host}:${boundPort}`,
    servername: dnsHostName,
    ca: certificates.ca,
    caFile: certificates.caFile,
    baseDn: domain.head.dn,
    administrator: { dn: domain.administrator.dn, password },
    faults,
    counters,
    async delegate(account, ou, rights) {
      domain.delegations.give(holderOf(account), resolve(domain.store, ou), rights);
    },
    async letRead(account, container) {
      domain.delegations.letRead(holderOf(account), resolve(domain.store, container));
    },
    async forbidChange(user) {
      domain.delegations.forbidChange(resolve(domain.store, user));
    },
    async protect(user) {
      protect(domain.store, resolve(domain.store, user));
    },
    async withholdUnexpire() {
      domain.delegations.withholdUnexpire();
    },
    protectMembers: () => protectMembers(domain.store, domain.head),
    condition: domain.condition,
    stop: end(() => listener.stop()),
    kill: end(() => listener.kill()),
    freeze: () => listener.freeze(),
    thaw: () => listener.thaw(),
  };
}

function setFirstPassword({ store, administrator }: Domain, password: string): void {
  const { secret } = administrator;
  if (!secret) throw new Error("the administrator has no place for a password");
  secret.replace(secret.digest(Buffer.from(password, "utf16le")), 0);
  const now = Buffer.from(store.ticks.next().toString());
  store.write(administrator, new Map([["pwdlastset", [now]]]), ["unicodepwd"]);
}

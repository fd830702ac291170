import { type ConnectionSettings, DirectoryConnection } from "./connection.ts";
import { DomainController } from "./domainController.ts";
import { DirectoryPool } from "./pool.ts";
import { ServiceAccount } from "./serviceAccount.ts";

/** How the agent gets at one domain. */
export interface DomainAccess extends Omit<ConnectionSettings, "url" | "servername"> {
  /** In order of preference. */
  readonly domainControllers: readonly Pick<ConnectionSettings, "url" | "servername">[];
  /** Jobs at once, at most; beside them as many lookups, and as many looks after a write. */
  readonly connections: number;
}

const IDLE_MS = 5 * 60_000;

/**
 * The connections to one domain; none is opened before it is needed.
 * @param readSecret the password of the agent's account, read for each connection
 * @param now milliseconds of any steady clock
 */
export function openPool(
  { domainControllers, connections, ...settings }: DomainAccess,
  readSecret: () => Promise<string>,
  now: () => number = () => performance.now(),
): DirectoryPool {
  const account = new ServiceAccount(readSecret, now);
  return new DirectoryPool({
    size: connections,
    controllers: domainControllers.map(
      (controller) =>
        new DomainController({
          open: () =>
            account.signIn((secret) =>
              DirectoryConnection.open({ ...settings, ...controller }, secret),
            ),
          idleMs: IDLE_MS,
          now,
        }),
    ),
  });
}

import type { Account } from "../directory/account.ts";
import { Believed } from "../directory/believed.ts";
import { type ProbeSettings, probeCompareAndSet } from "../directory/compareAndSetProbe.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import type { Rights } from "../directory/missingRight.ts";
import type { DirectoryPool } from "../directory/pool.ts";
import { writableAttributes } from "../directory/writableAttributes.ts";

/** Milliseconds for which what the canary showed is believed: many writes are denied in a row. */
const BELIEVED_MS = 60_000;

const unexpiring = new Believed<boolean>(BELIEVED_MS);

/**
 * What the agent's account may do, as far as that can be told: attributes are read on the account,
 * Unexpire Password is tried on the canary, since it is a right on the whole domain.
 * @param now milliseconds of a steady clock
 * @throws DirectoryError `directoryUnreachable`
 */
export async function readRights(
  pool: DirectoryPool,
  connection: DirectoryConnection,
  { dn }: Account,
  settings: ProbeSettings,
  now: () => number = () => performance.now(),
): Promise<Rights> {
  const writable = await writableAttributes(connection, dn);
  return { writable, mayUnexpire: await mayUnexpire(pool, connection, settings, now) };
}

/** Undefined where nobody can say, which is not remembered. */
async function mayUnexpire(
  pool: DirectoryPool,
  connection: DirectoryConnection,
  settings: ProbeSettings,
  now: () => number,
): Promise<boolean | undefined> {
  const { server } = connection.rootDse;
  const known = unexpiring.get(pool, server, now());
  if (known !== undefined) return known;
  const result = await probeCompareAndSet(connection, settings);
  if (result === "unknown") return undefined;
  const may = result !== "unexpireDenied";
  unexpiring.set(pool, server, may, now());
  return may;
}

import type { Account } from "./account.ts";
import { Believed } from "./believed.ts";
import { compareAndSet } from "./changes.ts";
import type { DirectoryConnection, WriteResult } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";
import type { FindSettings } from "./findAccount.ts";
import { findCanary } from "./findCanary.ts";
import type { DirectoryPool } from "./pool.ts";
import { lacksUnexpire } from "./refusal.ts";

/**
 * What a domain controller did with a stale compare-and-set on the canary account: honoured it,
 * ignored it, or refused it because the agent's account lacks the right Unexpire Password.
 * `unknown`: the canary is missing, hidden or must change, or something else was refused.
 */
export type ProbeResult = "honoured" | "ignored" | "unexpireDenied" | "unknown";

/** Where to try it, and on whose account. */
export interface ProbeSettings extends FindSettings {
  /** UPN, or text of the `objectGUID`, of an account that nobody needs. */
  readonly canary: string;
}

/** Milliseconds for which what a domain controller was seen to do is believed. */
const BELIEVED_MS = 24 * 3_600_000;
const NO_SUCH_ATTRIBUTE = 16;
const STALE_VALUE = "00002085";

const honoured = new Believed<boolean>(BELIEVED_MS);

/**
 * Whether a domain controller honours compare-and-set, tried on the canary at most once a day.
 * @param now milliseconds of a steady clock
 * @returns undefined where nobody can say
 */
export async function honoursCompareAndSet(
  pool: DirectoryPool,
  connection: DirectoryConnection,
  settings: ProbeSettings,
  now: () => number = () => performance.now(),
): Promise<boolean | undefined> {
  const { server } = connection.rootDse;
  const known = honoured.get(pool, server, now());
  if (known !== undefined) return known;
  const result = await probeCompareAndSet(connection, settings);
  if (result !== "honoured" && result !== "ignored") return undefined;
  honoured.set(pool, server, result === "honoured", now());
  return result === "honoured";
}

/**
 * Tries it now: a wrong value of the canary's `pwdLastSet` is deleted and -1 added, which must be
 * refused as 16 / `00002085` and change nothing. A domain controller that ignored the condition
 * would change nothing either: -1 leaves a value that is not 0 (MS-SAMR 3.1.1.8.8).
 */
export async function probeCompareAndSet(
  connection: DirectoryConnection,
  settings: ProbeSettings,
): Promise<ProbeResult> {
  try {
    const before = await findCanary(connection, settings.canary, settings);
    const { dn, pwdLastSet, keyVersion } = before;
    if (!pwdLastSet || keyVersion === undefined) return "unknown";
    const answer = await connection.modify(dn, compareAndSet(pwdLastSet - 1n, "-1"), []);
    const result = resultOf(answer);
    if (result !== "honoured") return result;
    const after = await findCanary(connection, settings.canary, settings);
    return isSame(before, after) ? result : "unknown";
  } catch (error) {
    if (error instanceof DirectoryError) return "unknown";
    throw error;
  }
}

function resultOf(answer: WriteResult): ProbeResult {
  if (answer.kind !== "refused") return answer.kind === "applied" ? "ignored" : "unknown";
  const { resultCode, win32 } = answer.refusal;
  if (resultCode === NO_SUCH_ATTRIBUTE && win32 === STALE_VALUE) return "honoured";
  return lacksUnexpire(answer.refusal) ? "unexpireDenied" : "unknown";
}

const isSame = (before: Account, after: Account): boolean =>
  after.guid === before.guid &&
  after.pwdLastSet === before.pwdLastSet &&
  after.keyVersion === before.keyVersion;

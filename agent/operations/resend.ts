import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { AccountRequest } from "@password-writeback/protocol/request.ts";
import type { Account } from "../directory/account.ts";
import { honoursCompareAndSet } from "../directory/compareAndSetProbe.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { DirectoryError } from "../directory/directoryError.ts";
import { type Write, write } from "../directory/write.ts";
import { type Afterwards, completed } from "./completed.ts";
import { type Job, permit } from "./job.ts";
import { admitted } from "./onAccount.ts";

/**
 * Sends a write whose answer was lost once more, on the same domain controller and with the same
 * compare-and-set, so that at most one of the two can take effect. Only while there is time, where
 * that one was seen to honour the condition, and as long as the account shows no effect of the
 * first and may still be touched. A refusal is no verdict: it may be the first one that it sees.
 * @returns undefined unless it was carried out; how the first ended must then be observed
 */
export async function resend(
  job: Job,
  request: AccountRequest,
  server: string,
  asked: Write,
  afterwards: Afterwards,
): Promise<Verdict | undefined> {
  if (!isTellable(asked) || job.remaining() <= 0) return undefined;
  let sent = false;
  const once = async (connection: DirectoryConnection): Promise<Verdict | undefined> => {
    // The pool may try a look again; this is one only until it has been sent.
    if (sent) return undefined;
    const isHonoured = await honoursCompareAndSet(job.pool, connection, job.settings);
    // One that lay idle may have died with the first one's; the pool has a living one then.
    if (!isHonoured && !connection.usable) throw new DirectoryError("directoryUnreachable");
    if (!isHonoured) return undefined;
    // It may have become somebody's who is never touched while the first answer was waited for.
    const account = await admitted(connection, job, request);
    if (!isUntouched(asked, account)) return undefined;
    sent = true;
    const again = { ...asked, evidence: { ...asked.evidence, resent: true as const } };
    const verdict = await write(connection, permit(job), again);
    return verdict.status === "succeeded" ? completed(verdict, connection, afterwards) : undefined;
  };
  try {
    return await job.pool.onServer(server, job.remaining(), once);
  } catch (error) {
    // Nothing was sent this time, which says nothing of the first time.
    if (error instanceof DirectoryError) return undefined;
    throw error;
  }
}

/**
 * Whether the condition tells the first one's effect. From 0 it need not: "must change" leaves 0,
 * and so does a directory that takes new passwords as expired, for lack of a right. Of a wrong
 * current password it tells nothing: where the first one is still on its way, both would count
 * towards a lockout. A change is therefore never sent twice.
 */
const isTellable = ({ operation, compare }: Write): boolean =>
  operation !== "change" && compare !== undefined && compare.read !== 0n;

/** Whether the account shows nothing of the first one. */
const isUntouched = ({ account: before }: Write, now: Account): boolean =>
  before.keyVersion !== undefined &&
  now.guid === before.guid &&
  now.keyVersion === before.keyVersion &&
  now.pwdLastSet === before.pwdLastSet;

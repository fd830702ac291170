import type { AccountRequest } from "@password-writeback/protocol/request.ts";
import type { Account } from "../directory/account.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { findAccount } from "../directory/find.ts";
import { type Admission, guard } from "../directory/guard/guard.ts";
import type { Job } from "./job.ts";

type Work<T> = (
  connection: DirectoryConnection,
  account: Account,
  admission: Admission,
) => Promise<T>;

/**
 * Reads the request's account, makes sure that it may be touched, and does something with it, all
 * on one connection.
 * @throws DirectoryError the code of the rule that refuses it, before anything is written
 */
export const onAccount = <T>(job: Job, request: AccountRequest, work: Work<T>): Promise<T> =>
  job.pool.use(
    job.remaining(),
    (connection) => admitted(connection, job, request),
    (connection, { account, admission }) => work(connection, account, admission),
  );

/** The same for what only reads: it never waits for a write, and may be tried elsewhere. */
export const lookAtAccount = <T>(job: Job, request: AccountRequest, look: Work<T>): Promise<T> =>
  job.pool.look(job.remaining(), async (connection) => {
    const { account, admission } = await admitted(connection, job, request);
    return look(connection, account, admission);
  });

/** Reads the account and judges it. @throws DirectoryError as {@link onAccount} */
export async function admitted(
  connection: DirectoryConnection,
  job: Job,
  request: AccountRequest,
): Promise<{ readonly account: Account; readonly admission: Admission }> {
  const account = await findAccount(connection, request.target, job.settings);
  const options = { ...job.settings, guarded: job.guarded };
  return { account, admission: await guard(connection, account, request, options) };
}

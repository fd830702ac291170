import type { AccountRequest } from "@password-writeback/protocol/request.ts";
import type { Account } from "../directory/account.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { findAccount } from "../directory/findAccount.ts";
import { type Admission, guard } from "../directory/guard/guard.ts";
import { type PasswordPolicy, UNKNOWN_POLICY } from "../directory/policy.ts";
import { readPolicy } from "../directory/policyReader.ts";
import type { Job } from "./job.ts";

type Work<T> = (connection: DirectoryConnection, account: Account, ground: Ground) => Promise<T>;

/** What the account may be asked for, and which rules its next password meets. */
export interface Ground extends Admission {
  /** Nothing is known of them where the request has no use for them. */
  readonly policy: PasswordPolicy;
}

const NEEDS_POLICY: ReadonlySet<AccountRequest["operation"]> = new Set([
  "change",
  "reset",
  "passwordRules",
]);

/**
 * Reads the request's account, makes sure that it may be touched, and does something with it, all
 * on one connection.
 * @throws DirectoryError the code of the rule that refuses it, before anything is written
 */
export const onAccount = <T>(job: Job, request: AccountRequest, work: Work<T>): Promise<T> =>
  job.pool.use(
    job.remaining(),
    (connection) => standing(connection, job, request),
    (connection, { account, ground }) => work(connection, account, ground),
  );

/** The same for what only reads: it never waits for a write, and may be tried elsewhere. */
export const lookAtAccount = <T>(job: Job, request: AccountRequest, look: Work<T>): Promise<T> =>
  job.pool.look(job.remaining(), async (connection) => {
    const { account, ground } = await standing(connection, job, request);
    return look(connection, account, ground);
  });

/**
 * Reads the account once more and judges it as at first.
 * @throws DirectoryError as {@link onAccount}
 */
export async function admitted(
  connection: DirectoryConnection,
  job: Job,
  request: AccountRequest,
): Promise<Account> {
  const account = await findAccount(connection, request.target, job.settings);
  await judged(connection, account, job, request);
  return account;
}

/** The account, and then at once what judges it and what its next password is explained with. */
async function standing(
  connection: DirectoryConnection,
  job: Job,
  request: AccountRequest,
): Promise<{ readonly account: Account; readonly ground: Ground }> {
  const account = await findAccount(connection, request.target, job.settings);
  const needsPolicy = NEEDS_POLICY.has(request.operation);
  // Both are waited for whatever happens: a connection given back has no answer outstanding.
  const [admission, policy] = await Promise.allSettled([
    judged(connection, account, job, request),
    needsPolicy ? readPolicy(connection, account) : UNKNOWN_POLICY,
  ]);
  if (admission.status === "rejected") throw admission.reason;
  if (policy.status === "rejected") throw policy.reason;
  return { account, ground: { ...admission.value, policy: policy.value } };
}

const judged = (
  connection: DirectoryConnection,
  account: Account,
  { settings, guarded }: Job,
  request: AccountRequest,
): Promise<Admission> => guard(connection, account, request, { ...settings, guarded });

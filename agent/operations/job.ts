import type { Account } from "../directory/account.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { DirectoryError } from "../directory/directoryError.ts";
import type { FindSettings } from "../directory/findAccount.ts";
import type { GuardEvent } from "../directory/guard/guard.ts";
import type { GuardSettings } from "../directory/guard/settings.ts";
import type { DirectoryPool } from "../directory/pool.ts";
import type { Permit } from "../directory/write.ts";
import type { PolicyEnforcement } from "./policyEnforcement.ts";
import { readRights } from "./rights.ts";

/** What every operation stands on. */
export interface OperationSettings extends FindSettings {
  /** UPN, or text of the `objectGUID`, of the account that the probe reads. */
  readonly canary: string;
  /** Whether a reset may go without history and minimum age where the directory can't do better. */
  readonly allowWeakerEnforcement: boolean;
  /** Which resets obey history and minimum age; undefined: all. */
  readonly policyEnforcement?: PolicyEnforcement | undefined;
  readonly guard: GuardSettings;
  /** A password filter that is known to be in place, and what its rules ask for in plain words. */
  readonly passwordFilter?: { readonly helpText?: string | undefined } | undefined;
}

/** What is at hand while one request is carried out. */
export interface Job {
  readonly pool: DirectoryPool;
  readonly settings: OperationSettings;
  /** Milliseconds until the last moment at which a write may start. */
  remaining(): number;
  /** Milliseconds that this agent's other jobs for the same user have held it up; undefined: 0. */
  readonly heldMs?: number;
  /** Notes what is about to be written; where it fails nothing is. */
  readonly note?: Permit["note"];
  /** Told by which rules an account was refused, or let through with a warning. */
  readonly guarded?: (event: GuardEvent, rules: string) => void;
}

/** Asked right before each write of a job. */
export const permit = (job: Job): Permit => ({
  expired: () => job.remaining() <= 0,
  note: job.note,
  rights: (connection, account) => readRights(job.pool, connection, account, job.settings),
});

/**
 * The value that compare-and-set compares with.
 * @throws DirectoryError `agentLacksReadPwdLastSet`: the agent's account may not read it
 */
export function readableAge(connection: DirectoryConnection, account: Account): bigint {
  if (account.pwdLastSet !== undefined) return account.pwdLastSet;
  throw new DirectoryError("agentLacksReadPwdLastSet", {
    server: connection.rootDse.server,
    missingRight: "read pwdLastSet",
  });
}

/** A table of the account of records. */
export interface TableDescription {
  readonly name: string;
  readonly holds: string;
  /** Upon whose doing rows are written; the writing itself is done by the functions alone. */
  readonly writtenUpon: string;
  /** How long a row is kept. */
  readonly kept: string;
}

/**
 * Every table: the functions make them at their start, with the right that they have on the
 * account. `npm run docs` writes `docs/tables.md` from this list.
 */
export const TABLES = {
  operations: {
    name: "operations",
    holds:
      "each operation: who, on whom, its status and its code, for " +
      "[polling and repeats](calls.md)",
    writtenUpon: "each call that writes to the directory, outcomes that agents tell late",
    kept: "25 hours after its last change",
  },
  reservations: {
    name: "reservations",
    holds: "names that one operation holds at a time, hashed: keys of idempotency and repeats",
    writtenUpon: "each call that writes to the directory",
    kept: "25 hours after its last change",
  },
  unresolved: {
    name: "unresolved",
    holds: "the operations that have no outcome yet; of one's own account there is at most one",
    writtenUpon: "each call that writes to the directory; its outcome removes the row",
    kept: "until the outcome, 25 hours at most",
  },
  ground: {
    name: "ground",
    holds:
      "what is read before anything is decided, in one partition: the row `trust` with the " +
      "[trust list](enrolment.md), `settings` with the [settings of the tenant]" +
      "(tenantSettings.md), `stop` with the [brake](throttle.md), a row for the last heartbeat " +
      "of each agent",
    writtenUpon: "operators who publish a list or change settings, the brake, each heartbeat",
    kept: "until the next one takes its place; of an agent that no list names, 25 hours",
  },
  throttle: {
    name: "throttle",
    holds:
      "[what is counted](throttle.md) of attempts on each account, in the partition `brake` " +
      "the resets of the last minute at each instance",
    writtenUpon: "each attempt of one's own, an operator who unblocks, each instance",
    kept: "as long as it counts",
  },
  audit: {
    name: "audit",
    holds: "[audit records](audit.md); none is ever changed",
    writtenUpon: "each call that is recorded, the brake",
    kept: "`AUDIT_RETENTION_DAYS` days",
  },
} as const satisfies Readonly<Record<string, TableDescription>>;
export type TableName = keyof typeof TABLES;

/** Tables that older versions made: read where they are there, and never made. */
export const OLD_TABLES = {
  trust: {
    name: "trust",
    holds: "the [trust list](enrolment.md) where the [first version](upgrade.md) read it",
    writtenUpon: "nothing; it is read as long as `ground` has no list",
    kept: "until somebody deletes it",
  },
} as const satisfies Readonly<Record<string, TableDescription>>;

import { RestError, TableClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import { ApiError } from "../http/apiError.ts";
import { timeLimit } from "../timeLimit.ts";
import { TABLES, type TableDescription, type TableName } from "./tableDescriptions.ts";

export type Tables = Readonly<Record<TableName, TableClient>>;

/** Milliseconds that one try of a table call may take. */
const TRY_MS = 2_500;

/** @param url of the table service, without a trailing slash */
export const openTable = (url: string, name: string, credential: TokenCredential): TableClient =>
  new TableClient(url, name, credential, {
    retryOptions: { maxRetries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 500 },
    ...timeLimit(TRY_MS),
  });

/** @param url of the table service, without a trailing slash */
export function openTables(url: string, credential: TokenCredential): Tables {
  const open = ({ name }: TableDescription): TableClient => openTable(url, name, credential);
  return {
    operations: open(TABLES.operations),
    reservations: open(TABLES.reservations),
    unresolved: open(TABLES.unresolved),
    ground: open(TABLES.ground),
    throttle: open(TABLES.throttle),
    audit: open(TABLES.audit),
  };
}

/** Makes the tables where they do not exist yet. */
export async function createTables(tables: Tables): Promise<void> {
  await Promise.all(Object.values(tables).map((table) => table.createTable()));
}

const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof RestError && error.statusCode === status;

/** Whether a create met an entity that exists already. */
export const isConflict = (error: unknown): boolean => hasStatus(error, 409);
/** Whether an update met an entity that somebody changed in the meantime, or that is gone. */
export const isStale = (error: unknown): boolean => hasStatus(error, 412) || hasStatus(error, 404);
const isMissing = (error: unknown): boolean => hasStatus(error, 404);

/** What a table call gives, or undefined where there is no such entity. @throws ApiError */
export async function orMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unavailable(error);
  }
}

/** The error for a table that cannot be read or written. */
export const unavailable = (cause: unknown): ApiError =>
  new ApiError("recordsUnavailable", { cause });

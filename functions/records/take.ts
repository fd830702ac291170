import type { TableClient, TableEntity, TableEntityResult } from "@azure/data-tables";
import { isConflict, isStale, orMissing, unavailable } from "./tables.ts";

/** A row that at most one operation holds at a time. */
export interface Held {
  readonly operationId: string;
}

/** How a try to take a row ended: somebody else holds it, or it is ours, as this version. */
export type Take<T> =
  | { readonly holder: T; readonly etag?: undefined }
  | { readonly holder?: undefined; readonly etag: string | undefined };

/**
 * Takes a row. Of any number that try at once, on any number of instances, one gets it.
 * @param isFree judges whether a holder may be displaced
 * @throws ApiError `recordsUnavailable`
 */
export async function take<T extends Held & object>(
  table: TableClient,
  entity: TableEntity<T>,
  isFree: (holder: TableEntityResult<T>) => Promise<boolean>,
): Promise<Take<T>> {
  try {
    return { etag: (await table.createEntity(entity)).etag };
  } catch (error) {
    if (!isConflict(error)) throw unavailable(error);
  }
  const { partitionKey, rowKey, operationId } = entity;
  const holder = await orMissing(table.getEntity<T>(partitionKey, rowKey));
  if (!holder) return take(table, entity, isFree);
  // Ours: the answer to a first attempt was lost, and the client library tried again.
  if (holder.operationId === operationId) return { etag: holder.etag };
  if (!(await isFree(holder))) return { holder };
  try {
    const { etag } = holder;
    return { etag: (await table.updateEntity(entity, "Replace", { etag })).etag };
  } catch (error) {
    if (!isStale(error)) throw unavailable(error);
    return take(table, entity, isFree);
  }
}

/**
 * Gives a row back, if the operation holds it.
 * @param etag of the row as it was taken, where that is known: one call instead of two
 * @returns false where it does not
 * @throws ApiError `recordsUnavailable`
 */
export async function giveBack(
  table: TableClient,
  { partitionKey, rowKey, operationId }: TableEntity<Held>,
  etag?: string,
): Promise<boolean> {
  const held = etag ?? (await versionOf(table, { partitionKey, rowKey, operationId }));
  if (held === undefined) return false;
  try {
    await table.deleteEntity(partitionKey, rowKey, { etag: held });
    return true;
  } catch (error) {
    if (isStale(error)) return false;
    throw unavailable(error);
  }
}

async function versionOf(
  table: TableClient,
  { partitionKey, rowKey, operationId }: TableEntity<Held>,
): Promise<string | undefined> {
  const holder = await orMissing(table.getEntity<Held>(partitionKey, rowKey));
  return holder?.operationId === operationId ? holder.etag : undefined;
}

import type { TableClient, TableEntity } from "@azure/data-tables";
import { isConflict, isStale, unavailable } from "./tables.ts";

/**
 * Puts a row in the place of the one that was read.
 * @param etag of the row as it was read; undefined where there was none
 * @returns false where somebody else was quicker
 * @throws ApiError `recordsUnavailable`
 */
export async function replaceRow(
  table: TableClient,
  entity: TableEntity,
  etag: string | undefined,
): Promise<boolean> {
  try {
    if (etag === undefined) await table.createEntity(entity);
    else await table.updateEntity(entity, "Replace", { etag });
    return true;
  } catch (error) {
    if (isConflict(error) || isStale(error)) return false;
    throw unavailable(error);
  }
}

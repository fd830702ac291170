import { odata, type TableClient } from "@azure/data-tables";
import type { Operation } from "./operation.ts";
import { orMissing, unavailable } from "./tables.ts";

/** Ids in one heartbeat answer, at most. */
const AT_ONCE = 100;
const LATEST_MS = 9_999_999_999_999;

/** Newest first: what nobody can conclude must not keep newer ones out of an answer. */
const rowKey = ({ id, createdAt }: Pick<Operation, "id" | "createdAt">): string =>
  `${String(LATEST_MS - createdAt).padStart(13, "0")}-${id}`;

/**
 * Index of the operations that have no outcome, by connector: written with each operation and
 * removed with its outcome, so that it outlives an instance that dies in between. Every method
 * throws ApiError `recordsUnavailable`.
 */
export class Unresolved {
  private readonly table: TableClient;

  constructor(table: TableClient) {
    this.table = table;
  }

  /** @param dueAt milliseconds since 1970 from which its outcome is missed */
  async add(record: Operation, dueAt: number): Promise<void> {
    const { connector, id, createdAt } = record;
    const entity = { partitionKey: connector, rowKey: rowKey(record), id, dueAt, createdAt };
    await this.table.upsertEntity(entity, "Replace").catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  async remove(record: Pick<Operation, "id" | "connector" | "createdAt">): Promise<void> {
    await orMissing(this.table.deleteEntity(record.connector, rowKey(record)));
  }

  /** Ids whose outcome is missed, the newest first. */
  async list(connector: string, now: number): Promise<string[]> {
    const ids: string[] = [];
    const pages = this.table
      .listEntities<{ id: string; dueAt: number }>({
        queryOptions: { filter: odata`PartitionKey eq ${connector}` },
      })
      .byPage({ maxPageSize: 2 * AT_ONCE });
    try {
      for await (const page of pages) {
        for (const { id, dueAt } of page) if (dueAt < now && ids.length < AT_ONCE) ids.push(id);
        break;
      }
    } catch (error) {
      throw unavailable(error);
    }
    return ids;
  }
}

import type { TableClient } from "@azure/data-tables";
import { type Operation, operation } from "./operation.ts";
import { isStale, orMissing, unavailable } from "./tables.ts";

const ROW_KEY = "operation";

const toEntity = (record: Operation) => ({
  ...record,
  detail: record.detail === undefined ? undefined : JSON.stringify(record.detail),
  partitionKey: record.id,
  rowKey: ROW_KEY,
});

const plain = (entity: Record<string, unknown>): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(entity).filter(([, value]) => value !== null)),
  detail: typeof entity.detail === "string" ? JSON.parse(entity.detail) : undefined,
});
const fromEntity = (entity: Record<string, unknown>): Operation => operation.parse(plain(entity));

/** Keeps operations in Data Tables. Every method throws ApiError `recordsUnavailable`. */
export class Operations {
  private readonly table: TableClient;

  constructor(table: TableClient) {
    this.table = table;
  }

  async add(record: Operation): Promise<void> {
    await this.table.createEntity(toEntity(record)).catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  /** Writes how it ended. */
  async conclude(record: Operation): Promise<void> {
    await this.table.updateEntity(toEntity(record), "Replace").catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  /**
   * Writes how an operation ended of which nobody knew it.
   * @returns false where somebody was faster
   */
  async concludeOnce(record: Operation, etag: string): Promise<boolean> {
    try {
      await this.table.updateEntity(toEntity(record), "Replace", { etag });
      return true;
    } catch (error) {
      if (isStale(error)) return false;
      throw unavailable(error);
    }
  }

  /** An operation that has no outcome yet, and its version. */
  async findRunning(id: string): Promise<{ record: Operation; etag: string } | undefined> {
    const entity = await orMissing(this.table.getEntity<Record<string, unknown>>(id, ROW_KEY));
    const record = entity && fromEntity(entity);
    return record?.status === "running" ? { record, etag: entity?.etag ?? "" } : undefined;
  }

  /** Takes back an operation of which nothing was sent. */
  async remove(id: string): Promise<void> {
    await orMissing(this.table.deleteEntity(id, ROW_KEY));
  }

  async find(id: string): Promise<Operation | undefined> {
    const entity = await orMissing(this.table.getEntity<Record<string, unknown>>(id, ROW_KEY));
    return entity && fromEntity(entity);
  }

  /** Every operation that is kept; a row that is none is passed over. */
  async *all(): AsyncGenerator<Operation> {
    try {
      for await (const entity of this.table.listEntities<Record<string, unknown>>()) {
        const { data } = operation.safeParse(plain(entity));
        if (data) yield data;
      }
    } catch (error) {
      throw unavailable(error);
    }
  }
}

import type { TableClient } from "@azure/data-tables";
import { type Counters, counters } from "../throttle/counters.ts";
import { isConflict, isStale, orMissing, unavailable } from "./tables.ts";

/** Counters as they were read or written: the version is needed to change them. */
export interface Versioned {
  readonly counters: Counters;
  readonly etag: string | undefined;
}

const ROW_KEY = "own";

/**
 * Keeps what is counted of people's attempts on their own accounts in Data Tables, one row each.
 * Every method throws ApiError `recordsUnavailable`.
 */
export class CounterRows {
  private readonly table: TableClient;

  constructor(table: TableClient) {
    this.table = table;
  }

  async find(targetId: string): Promise<Versioned | undefined> {
    const row = await orMissing(this.table.getEntity<{ state: string }>(targetId, ROW_KEY));
    if (!row) return undefined;
    try {
      return { counters: counters.parse(JSON.parse(row.state)), etag: row.etag };
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * Writes counters.
   * @param known what they are made from; undefined: there is no row yet
   * @param until when the row may go: milliseconds since 1970
   * @returns undefined where somebody was faster
   */
  async put(
    targetId: string,
    next: Counters,
    until: number,
    known: Versioned | undefined,
  ): Promise<Versioned | undefined> {
    const state = JSON.stringify(next);
    const row = { partitionKey: targetId, rowKey: ROW_KEY, state, until: new Date(until) };
    try {
      const { etag } = known
        ? await this.table.updateEntity(row, "Replace", { etag: versionOf(known) })
        : await this.table.createEntity(row);
      return { counters: next, etag };
    } catch (error) {
      if (isConflict(error) || isStale(error)) return undefined;
      throw unavailable(error);
    }
  }

  /** @returns false where somebody was faster */
  async remove(targetId: string, known: Versioned): Promise<boolean> {
    try {
      await this.table.deleteEntity(targetId, ROW_KEY, { etag: versionOf(known) });
      return true;
    } catch (error) {
      if (isStale(error)) return false;
      throw unavailable(error);
    }
  }

  /** Whatever it says; none is fine too. */
  async clear(targetId: string): Promise<void> {
    await orMissing(this.table.deleteEntity(targetId, ROW_KEY));
  }
}

/** The library takes no version for any version. */
function versionOf({ etag }: Versioned): string {
  if (etag === undefined) throw unavailable(new Error("a row without a version"));
  return etag;
}

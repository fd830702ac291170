import { odata, type TableClient } from "@azure/data-tables";
import { type GroundRows, STOP_ROW } from "./groundRows.ts";
import { unavailable } from "./tables.ts";

/** No person's object id. */
const PARTITION = "brake";

/**
 * What instances tell each other of the resets of the last minute, and that writes are stopped.
 * Every method throws ApiError `recordsUnavailable`.
 */
export class BrakeRows {
  private readonly table: TableClient;
  private readonly ground: TableClient;
  private readonly readGround: () => Promise<GroundRows>;

  constructor(table: TableClient, ground: TableClient, readGround: () => Promise<GroundRows>) {
    this.table = table;
    this.ground = ground;
    this.readGround = readGround;
  }

  /** @param until when it is old: milliseconds since 1970 */
  async tell(instance: string, resets: number, until: number): Promise<void> {
    const row = { partitionKey: PARTITION, rowKey: instance, resets, until: new Date(until) };
    await this.table.upsertEntity(row, "Replace").catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  /** What the others have told and is not old yet: resets. */
  async others(instance: string, now: number): Promise<number> {
    const filter = odata`PartitionKey eq ${PARTITION} and until gt ${new Date(now)}`;
    const rows = this.table.listEntities<{ resets: number }>({ queryOptions: { filter } });
    let resets = 0;
    try {
      for await (const row of rows) if (row.rowKey !== instance) resets += Number(row.resets) || 0;
    } catch (error) {
      throw unavailable(error);
    }
    return resets;
  }

  /** Until when writes are stopped: milliseconds since 1970; 0: they never were. */
  async stoppedUntil(): Promise<number> {
    const { stop } = await this.readGround();
    return stop?.until instanceof Date ? stop.until.getTime() : 0;
  }

  /** Tells every instance, with what it reads before each call. */
  async stop(until: number): Promise<void> {
    await this.ground
      .upsertEntity({ ...STOP_ROW, until: new Date(until) }, "Replace")
      .catch((error: unknown) => {
        throw unavailable(error);
      });
  }
}

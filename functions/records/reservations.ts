import { createHash } from "node:crypto";
import type { TableClient } from "@azure/data-tables";
import { orMissing, unavailable } from "./tables.ts";
import { giveBack, type Held, type Take, take } from "./take.ts";

/** A name that at most one operation holds at a time, and until when (milliseconds). */
export interface Reservation extends Held {
  /** Object id of who made it. */
  readonly callerId: string;
  /** What the operation is about: a repeat that differs is no repeat. */
  readonly subject: string;
  readonly until: number;
}

const ROW_KEY = "reservation";

/**
 * The name of a reservation. Hashed: parts come from callers and keys of tables allow few
 * characters.
 */
export const reservationName = (kind: "key" | "retry" | "own", ...parts: string[]): string =>
  `${kind}-${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;

/** Keeps reservations in Data Tables. Every method throws ApiError `recordsUnavailable`. */
export class Reservations {
  private readonly table: TableClient;
  private readonly now: () => number;

  constructor(table: TableClient, now: () => number) {
    this.table = table;
    this.now = now;
  }

  /** Who holds a name, if somebody does and the time is not over. */
  async holder(name: string): Promise<Reservation | undefined> {
    const entity = await orMissing(this.table.getEntity<Reservation>(name, ROW_KEY));
    return entity && entity.until > this.now() ? entity : undefined;
  }

  /** Takes a name that nobody holds, or whose time is over. */
  take(name: string, reservation: Reservation): Promise<Take<Reservation>> {
    const entity = { ...reservation, partitionKey: name, rowKey: ROW_KEY };
    return take(this.table, entity, async ({ until }) => until <= this.now());
  }

  /** Takes a name whoever holds it. */
  async put(name: string, reservation: Reservation): Promise<void> {
    const entity = { ...reservation, partitionKey: name, rowKey: ROW_KEY };
    await this.table.upsertEntity(entity, "Replace").catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  /** Takes a name from whoever holds it. */
  async drop(name: string): Promise<void> {
    await orMissing(this.table.deleteEntity(name, ROW_KEY));
  }

  /** Gives a name back, if this operation holds it. */
  async release(name: string, operationId: string): Promise<void> {
    await giveBack(this.table, { partitionKey: name, rowKey: ROW_KEY, operationId });
  }
}

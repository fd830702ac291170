import { createHash } from "node:crypto";
import type { TableClient, TableEntityResult } from "@azure/data-tables";
import { isConflict, isStale, orMissing, unavailable } from "./tables.ts";

/** A name that at most one operation holds at a time, and until when (milliseconds). */
export interface Reservation {
  readonly operationId: string;
  /** Object id of who made it. */
  readonly callerId: string;
  /** What the operation is about: a repeat that differs is no repeat. */
  readonly subject: string;
  readonly until: number;
}

/** How a try to take a name ended: somebody else holds it, or it is ours, as this version. */
export type Take =
  | { readonly holder: Reservation; readonly etag?: undefined }
  | { readonly holder?: undefined; readonly etag: string | undefined };

const ROW_KEY = "reservation";

/** The name of a reservation. Hashed: parts come from callers and keys of tables allow few characters. */
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
    const entity = await this.read(name);
    return entity && entity.until > this.now() ? entity : undefined;
  }

  /**
   * Takes a name. Of any number that try at once, on any number of instances, one gets it.
   * @param isFree judges whether a holder may be displaced
   */
  async take(
    name: string,
    reservation: Reservation,
    isFree: (holder: Reservation) => Promise<boolean> = async () => false,
  ): Promise<Take> {
    const entity = { ...reservation, partitionKey: name, rowKey: ROW_KEY };
    try {
      return { etag: (await this.table.createEntity(entity)).etag };
    } catch (error) {
      if (!isConflict(error)) throw unavailable(error);
    }
    const holder = await this.read(name);
    if (!holder) return this.take(name, reservation, isFree);
    // Ours: the answer to a first attempt was lost, and the client library tried again.
    if (holder.operationId === reservation.operationId) return { etag: holder.etag };
    if (holder.until > this.now() && !(await isFree(holder))) return { holder };
    try {
      const { etag } = holder;
      return { etag: (await this.table.updateEntity(entity, "Replace", { etag })).etag };
    } catch (error) {
      if (!isStale(error)) throw unavailable(error);
      return this.take(name, reservation, isFree);
    }
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

  /**
   * Gives a name back, if this operation holds it.
   * @param etag of the reservation as it was taken, where that is known: one call instead of two
   */
  async release(name: string, operationId: string, etag?: string): Promise<void> {
    const version = etag ?? (await this.versionOf(name, operationId));
    if (version === undefined) return;
    await this.table.deleteEntity(name, ROW_KEY, { etag: version }).catch((error: unknown) => {
      if (!isStale(error)) throw unavailable(error);
    });
  }

  private async versionOf(name: string, operationId: string): Promise<string | undefined> {
    const holder = await this.read(name);
    return holder?.operationId === operationId ? holder.etag : undefined;
  }

  private read(name: string): Promise<TableEntityResult<Reservation> | undefined> {
    return orMissing(this.table.getEntity<Reservation>(name, ROW_KEY));
  }
}

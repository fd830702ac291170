import { odata, type TableClient } from "@azure/data-tables";
import { isOwnAccount, type Operation } from "./operation.ts";
import { type Reservation, reservationName } from "./reservations.ts";
import { orMissing, unavailable } from "./tables.ts";
import { giveBack, type Take, take } from "./take.ts";

/** Ids in one heartbeat answer, at most. */
const AT_ONCE = 100;

/** An operation that has no outcome. `until` says how long it bars another one on its account. */
export interface UnresolvedOperation extends Reservation {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970 from which its outcome is missed. */
  readonly dueAt: number;
}

type Named = Pick<Operation, "id" | "connector" | "origin" | "targetId">;

const rowOf = (connector: string, operationId: string) => ({
  partitionKey: connector,
  rowKey: operationId,
  operationId,
});

/** Of a person's operations on their own account there is one row: who has it bars the others. */
const ownRowOf = ({ connector, id, targetId }: Named) => ({
  partitionKey: connector,
  rowKey: reservationName("own", targetId),
  operationId: id,
});

/**
 * The operations that have no outcome, by connector: written with each operation and removed with
 * its outcome, so that they outlive an instance that dies in between. Every method throws ApiError
 * `recordsUnavailable`.
 */
export class Unresolved {
  private readonly table: TableClient;
  private readonly now: () => number;

  constructor(table: TableClient, now: () => number) {
    this.table = table;
    this.now = now;
  }

  /**
   * Adds an operation. Of several on one's own account at once, on any number of instances, one
   * gets in.
   * @param hasEnded judges whether a holder's row was only left behind
   */
  async add(
    record: Named,
    entry: UnresolvedOperation,
    hasEnded: (operationId: string) => Promise<boolean>,
  ): Promise<Take<UnresolvedOperation>> {
    if (isOwnAccount(record))
      return take(this.table, { ...entry, ...ownRowOf(record) }, async (holder) => {
        if (await hasEnded(holder.operationId)) return true;
        if (holder.until > this.now()) return false;
        // It makes room for the next one, and its outcome is missed all the same.
        await this.put(record.connector, entryOf(holder));
        return true;
      });
    await this.put(record.connector, entry);
    return { etag: undefined };
  }

  /**
   * Removes an operation.
   * @param etag of its row as it was added, where that is known
   */
  async remove(record: Named, etag?: string): Promise<void> {
    if (isOwnAccount(record) && (await giveBack(this.table, ownRowOf(record), etag))) return;
    await orMissing(this.table.deleteEntity(record.connector, record.id));
  }

  /** Ids of the operations whose outcome is missed: of too many, the newest. */
  async list(connector: string, now: number): Promise<string[]> {
    const missed: UnresolvedOperation[] = [];
    const rows = this.table.listEntities<UnresolvedOperation>({
      queryOptions: { filter: odata`PartitionKey eq ${connector}` },
    });
    try {
      for await (const row of rows) if (row.dueAt < now) missed.push(row);
    } catch (error) {
      throw unavailable(error);
    }
    return missed
      .sort((a, b) => b.createdAt - a.createdAt)
      .slice(0, AT_ONCE)
      .map(({ operationId }) => operationId);
  }

  private async put(connector: string, entry: UnresolvedOperation): Promise<void> {
    const entity = { ...entry, ...rowOf(connector, entry.operationId) };
    await this.table.upsertEntity(entity, "Replace").catch((error: unknown) => {
      throw unavailable(error);
    });
  }
}

const entryOf = ({
  operationId,
  callerId,
  subject,
  until,
  createdAt,
  dueAt,
}: UnresolvedOperation): UnresolvedOperation => ({
  ...{ operationId, callerId, subject, until },
  ...{ createdAt, dueAt },
});

import { odata, type TableClient } from "@azure/data-tables";
import { type AuditRecord, auditRecord } from "../audit/auditRecord.ts";
import { auditKeys, auditMoment, auditPartition } from "./auditKeys.ts";
import { isConflict, unavailable } from "./tables.ts";

/** Which records are wanted; every member that is given must hold. */
export interface AuditFilter {
  /** Milliseconds since 1970, both included. */
  readonly from: number;
  readonly to: number;
  /** Object id, client id or user principal name. */
  readonly actor?: string | undefined;
  /** Object id or user principal name. */
  readonly target?: string | undefined;
  readonly activity?: string | undefined;
}

/** Records as one call of the table gave them. */
export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** Rows that are no record: this service has not written them, or another version of it has. */
  readonly unreadable: number;
  /** Where the next call goes on; undefined at the end. */
  readonly next: string | undefined;
}

const toEntity = (record: AuditRecord) => ({
  ...record,
  changes: record.changes && JSON.stringify(record.changes),
  // Names compare without regard to case; the table does not. Ids come in small letters.
  actorKey: record.actorName?.toLowerCase(),
  targetKey: record.targetName?.toLowerCase(),
  ...auditKeys(record),
});

/** Undefined where it is none: one such row must not hide all others. */
function fromEntity(entity: Record<string, unknown>): AuditRecord | undefined {
  const known = Object.entries(entity).filter(([, value]) => value !== null);
  const { changes, ...rest } = Object.fromEntries(known);
  return auditRecord.safeParse({
    ...rest,
    ...(typeof changes === "string" && { changes: parsed(changes) }),
  }).data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Keeps audit records in Data Tables: they are added and read, and nothing else. */
export class AuditRecords {
  private readonly table: TableClient;

  constructor(table: TableClient) {
    this.table = table;
  }

  /** Adds a record, unless it is there already. @throws ApiError `recordsUnavailable` */
  async add(record: AuditRecord): Promise<void> {
    try {
      await this.table.createEntity(toEntity(record));
    } catch (error) {
      if (!isConflict(error)) throw unavailable(error);
    }
  }

  /**
   * One call's worth of records, the newest first.
   * @param most records, at most 1000
   * @param start what the last page gave as `next`
   * @throws ApiError `recordsUnavailable`
   */
  async page(filter: AuditFilter, most: number, start: string | undefined): Promise<AuditPage> {
    const pages = this.table
      .listEntities<Record<string, unknown>>({ queryOptions: { filter: conditionOf(filter) } })
      .byPage({ maxPageSize: most, ...(start !== undefined && { continuationToken: start }) });
    try {
      for await (const page of pages) {
        const records = page.map(fromEntity).filter((record) => record !== undefined);
        const unreadable = page.length - records.length;
        return { records, unreadable, next: page.continuationToken };
      }
      return { records: [], unreadable: 0, next: undefined };
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** Ids of all records of a time, both ends included. @throws ApiError `recordsUnavailable` */
  async ids(from: number, to: number): Promise<Set<string>> {
    const found = new Set<string>();
    const rows = this.table.listEntities<{ id: string }>({
      queryOptions: { filter: conditionOf({ from, to }), select: ["id"] },
    });
    try {
      for await (const { id } of rows) found.add(id);
      return found;
    } catch (error) {
      throw unavailable(error);
    }
  }
}

/** Every value goes through the `odata` template: none can end its own literal. */
function conditionOf({ from, to, actor, target, activity }: AuditFilter): string {
  const conditions = [
    odata`PartitionKey ge ${auditPartition(to)} and PartitionKey le ${auditPartition(from)}`,
    odata`RowKey ge ${auditMoment(to)} and RowKey le ${`${auditMoment(from)}~`}`,
  ];
  if (actor !== undefined) {
    const key = actor.toLowerCase();
    conditions.push(odata`(actorId eq ${key} or application eq ${key} or actorKey eq ${key})`);
  }
  if (target !== undefined) {
    const key = target.toLowerCase();
    conditions.push(odata`(targetId eq ${key} or targetKey eq ${key})`);
  }
  if (activity !== undefined) conditions.push(odata`activity eq ${activity}`);
  return conditions.join(" and ");
}

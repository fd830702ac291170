import type { TableClient } from "@azure/data-tables";
import { z } from "zod";
import { TRUST_ROW } from "./groundRows.ts";
import { replaceRow } from "./replaceRow.ts";
import { orMissing } from "./tables.ts";

const row = z.object({ jws: z.string() });

/** The row that the trust list lies in, for who puts a new one there. Methods throw ApiError. */
export class PublishedList {
  private readonly table: TableClient;

  constructor(table: TableClient) {
    this.table = table;
  }

  /** As it lies there: not verified. Undefined where nothing was ever published. */
  async read(): Promise<{ readonly jws: string; readonly etag: string } | undefined> {
    const { partitionKey, rowKey } = TRUST_ROW;
    const found = await orMissing(this.table.getEntity(partitionKey, rowKey));
    if (!found) return undefined;
    // A row that somebody has spoilt is replaced like any other that does not verify.
    const parsed = row.safeParse(found);
    return { jws: parsed.success ? parsed.data.jws : "", etag: found.etag };
  }

  /**
   * Puts a list in the place of the one that was read.
   * @param etag of the row as it was read; undefined where there was none
   * @returns false where somebody else was quicker
   */
  replace(jws: string, etag: string | undefined): Promise<boolean> {
    return replaceRow(this.table, { ...TRUST_ROW, jws }, etag);
  }
}

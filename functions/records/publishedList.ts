import type { TableClient } from "@azure/data-tables";
import { z } from "zod";
import { TRUST_ROW } from "./groundRows.ts";
import { replaceRow } from "./replaceRow.ts";
import { orMissing } from "./tables.ts";

const row = z.object({ jws: z.string() });

/** A trust list as it lies in a table. */
export interface Published {
  readonly jws: string;
  readonly etag: string | undefined;
}

/** The row that the trust list lies in, for who puts a new one there. Methods throw ApiError. */
export class PublishedList {
  private readonly table: TableClient;
  private readonly readFirst: () => Promise<string | undefined>;

  /** @param readFirst the list in the first version's place, for as long as there is none here */
  constructor(table: TableClient, readFirst: () => Promise<string | undefined>) {
    this.table = table;
    this.readFirst = readFirst;
  }

  /**
   * As it lies there: not verified. Undefined where nothing was ever published.
   * @returns no etag where it lies in the first version's place, to be put here from then on
   */
  async read(): Promise<Published | undefined> {
    const { partitionKey, rowKey } = TRUST_ROW;
    const found = await orMissing(this.table.getEntity(partitionKey, rowKey));
    if (!found) {
      const jws = await this.readFirst();
      return jws === undefined ? undefined : { jws, etag: undefined };
    }
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

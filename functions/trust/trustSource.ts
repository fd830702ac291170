import type { TableClient } from "@azure/data-tables";
import type { PublicKey, TrustList } from "@password-writeback/protocol/trustList.ts";
import { verifyTrustList } from "@password-writeback/protocol/trustList.ts";
import { ApiError } from "../http/apiError.ts";

/** Milliseconds that the last verified list serves while the tables cannot be read. */
const GRACE_MS = 5 * 60_000;

/** Where the list lies: written by the operators' command, read by every instance. */
export const TRUST_ROW = { partitionKey: "trust", rowKey: "current" } as const;

export interface CurrentTrust {
  readonly list: TrustList;
  /** As it was signed, to be handed on to agents. */
  readonly jws: string;
}

/** The trust list in force, read from its row with each request and verified when it is new. */
export class TrustSource {
  private readonly table: TableClient;
  private readonly root: PublicKey;
  private readonly now: () => number;
  private last: (CurrentTrust & { readonly readAt: number }) | undefined;
  private lowestSerial = 0;

  constructor(table: TableClient, root: PublicKey, now: () => number) {
    this.table = table;
    this.root = root;
    this.now = now;
  }

  /** Refuses lists below a serial: the root key's tag says how far the operators are. */
  raiseSerial(serial: number): void {
    this.lowestSerial = Math.max(this.lowestSerial, serial);
  }

  /** @throws ApiError `trustListUnavailable`: none, not verifiable, or an old one put back */
  async current(): Promise<CurrentTrust> {
    const jws = await this.readRow();
    if (this.last?.jws !== jws) {
      const list = await verifyTrustList(jws, this.root, this.lowestSerial).catch(
        (cause: unknown) => {
          throw new ApiError("trustListUnavailable", { cause });
        },
      );
      // Of two calls that overlap, the one that read the older list may come last.
      if (list.serial >= this.lowestSerial) this.last = { list, jws, readAt: this.now() };
      this.raiseSerial(list.serial);
    } else {
      this.last = { ...this.last, readAt: this.now() };
    }
    if (!this.last || this.last.list.serial < this.lowestSerial)
      throw new ApiError("trustListUnavailable");
    return this.last;
  }

  private async readRow(): Promise<string> {
    try {
      const { partitionKey, rowKey } = TRUST_ROW;
      return (await this.table.getEntity<{ jws: string }>(partitionKey, rowKey)).jws;
    } catch (cause) {
      if (this.last && this.now() - this.last.readAt < GRACE_MS) return this.last.jws;
      throw new ApiError("trustListUnavailable", { cause });
    }
  }
}

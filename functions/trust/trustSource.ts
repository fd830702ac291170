import { ProtocolError } from "@password-writeback/protocol/protocolError.ts";
import type { PublicKey, TrustList } from "@password-writeback/protocol/trustList.ts";
import { verifyTrustList } from "@password-writeback/protocol/trustList.ts";
import { ApiError } from "../http/apiError.ts";
import type { GroundRows } from "../records/groundRows.ts";

/** Milliseconds that the last verified list serves while the tables cannot be read. */
const GRACE_MS = 5 * 60_000;

export interface CurrentTrust {
  readonly list: TrustList;
  /** As it was signed, to be handed on to agents. */
  readonly jws: string;
}

/**
 * Reads the list's text, as it was signed.
 * @param readFirst asked only where today's place has none
 * @returns a function that throws ApiError `recordsUnavailable`, or Error: none
 */
export const publishedList =
  (readGround: () => Promise<GroundRows>, readFirst: () => Promise<string | undefined>) =>
  async (): Promise<string> => {
    const trustList = (await readGround()).trustList ?? (await readFirst());
    if (trustList === undefined) throw new Error("no trust list was published");
    return trustList;
  };

/** The trust list in force, read from its row with each request and verified when it is new. */
export class TrustSource {
  private readonly read: () => Promise<string>;
  private readonly root: PublicKey;
  private readonly now: () => number;
  private last: (CurrentTrust & { readonly readAt: number }) | undefined;
  private lowestSerial = 0;

  /** @param now milliseconds since 1970 */
  constructor(read: () => Promise<string>, root: PublicKey, now: () => number) {
    this.read = read;
    this.root = root;
    this.now = now;
  }

  /** Refuses lists below a serial: the root key's tag says how far the operators are. */
  raiseSerial(serial: number): void {
    this.lowestSerial = Math.max(this.lowestSerial, serial);
  }

  /** A list that is not in force, or not yet. @throws ProtocolError `trustListInvalid` */
  verify(jws: string): Promise<TrustList> {
    return verifyTrustList(jws, this.root, 0);
  }

  /** @throws ApiError `trustListUnavailable`: none, not verifiable, or an old one put back */
  async current(): Promise<CurrentTrust> {
    const readAt = this.now();
    try {
      await this.take(await this.read(), readAt);
    } catch (cause) {
      const isOurs = cause instanceof ProtocolError;
      const inGrace = this.last !== undefined && readAt - this.last.readAt < GRACE_MS;
      if (isOurs || !inGrace) throw new ApiError("trustListUnavailable", { cause });
    }
    if (!this.last || this.last.list.serial < this.lowestSerial)
      throw new ApiError("trustListUnavailable");
    return this.last;
  }

  private async take(jws: string, readAt: number): Promise<void> {
    if (this.last?.jws === jws) {
      this.last = { ...this.last, readAt };
      return;
    }
    const list = await verifyTrustList(jws, this.root, this.lowestSerial);
    // Two lists of one serial: the second operator's was signed and never in force, and has leaked.
    if (list.serial === this.last?.list.serial && jws !== this.last.jws)
      throw new ProtocolError("trustListInvalid");
    // Of two calls that overlap, the one that read the older list may come last.
    if (list.serial >= this.lowestSerial) this.last = { list, jws, readAt };
    this.raiseSerial(list.serial);
  }
}

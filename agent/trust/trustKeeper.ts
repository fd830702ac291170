import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ProtocolError } from "@password-writeback/protocol/protocolError.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { KeyRing } from "./keyRing.ts";
import { takeHandedList } from "./takeHandedList.ts";
import type { TrustState } from "./trustState.ts";

export interface TrustKeeperParts {
  readonly dataDirectory: string;
  /** PEM file with the certificate of the agent's application in Entra. */
  readonly certificateFile: string;
  readonly trust: TrustState;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
}

const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
/** Days before the end of a certificate from which on the agent warns. */
const CERTIFICATE_WARNING_DAYS = 30;

/** Looks after keys and list between two heartbeats: what is new, what is old, what must go. */
export class TrustKeeper {
  private readonly parts: TrustKeeperParts;
  private warnedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: TrustKeeperParts) {
    this.parts = parts;
  }

  /** Never throws: what went wrong is in the log, and the next look tries again. */
  async look(): Promise<void> {
    await this.parts.keys.reload();
    await this.takeList();
    await this.retireKeys();
    await this.warn();
  }

  private async takeList(): Promise<void> {
    const { dataDirectory, trust, log } = this.parts;
    try {
      const list = await takeHandedList(dataDirectory, trust);
      if (list) log("trustListHanded", { serial: list.serial });
    } catch (error) {
      log(error instanceof ProtocolError ? error.code : "trustListInvalid");
    }
  }

  private async retireKeys(): Promise<void> {
    const { trust, keys, clock, log } = this.parts;
    // Not while the cloud's word is old: it may be about to name another key.
    if (trust.standing() !== "trusted" || !trust.entry) return;
    try {
      for (const kid of await keys.retire(trust.entry.kid, clock.now())) log("keyRetired", { kid });
    } catch {
      log("keyNotRetired");
    }
  }

  /** Once a day; the first time once the cloud was heard. */
  private async warn(): Promise<void> {
    const { trust, log, wall } = this.parts;
    if (!trust.entry || Math.abs(wall() - this.warnedAt) < DAY_MS) return;
    this.warnedAt = wall();
    const left = trust.expiresSoon();
    if (left !== undefined)
      log("keyExpires", {
        days: Math.max(0, Math.floor(left / DAY_SECONDS)),
        kid: trust.entry.kid,
      });
    const days = await this.certificateDays();
    if (days !== undefined && days <= CERTIFICATE_WARNING_DAYS)
      log("certificateExpires", { days: Math.max(0, days) });
  }

  private async certificateDays(): Promise<number | undefined> {
    const { certificateFile, wall } = this.parts;
    try {
      const { validToDate } = new X509Certificate(await readFile(certificateFile));
      return Math.floor((validToDate.getTime() - wall()) / DAY_MS);
    } catch {
      // The next token request says so, louder.
      return undefined;
    }
  }
}

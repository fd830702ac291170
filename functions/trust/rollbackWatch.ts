import type { CurrentTrust, TrustSource } from "./trustSource.ts";

/** Milliseconds between two questions to the vault: no agent can make this instance ask more. */
const ASK_MS = 10_000;

/**
 * Finds out that an old trust list was put back where this instance never met the newer one: an
 * agent has seen that one and says so, or it lies. The root key's tag decides.
 */
export class RollbackWatch {
  private readonly trust: TrustSource;
  private readonly newestSerial: () => Promise<number>;
  private readonly now: () => number;
  private askedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param newestSerial reads the tag
   * @param now milliseconds since 1970
   */
  constructor(trust: TrustSource, newestSerial: () => Promise<number>, now: () => number) {
    this.trust = trust;
    this.newestSerial = newestSerial;
    this.now = now;
  }

  /**
   * The list in force, given what an agent has seen.
   * @param seen serial that the agent says
   * @param read the list as it was read for the call
   * @throws ApiError `trustListUnavailable`: an old one was put back
   */
  async look(seen: number, read: CurrentTrust): Promise<CurrentTrust> {
    if (seen <= read.list.serial) return read;
    if (Math.abs(this.now() - this.askedAt) >= ASK_MS) {
      this.askedAt = this.now();
      this.trust.raiseSerial(await this.newestSerial().catch(() => 0));
    }
    return this.trust.current();
  }
}

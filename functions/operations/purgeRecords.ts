import type { Log } from "../log.ts";
import type { Parts } from "../parts.ts";

/** Deletes the records that are kept no longer. What fails is done an hour later. */
export async function purgeRecords(parts: Parts, log: Log): Promise<void> {
  try {
    log.info("recordsPurged", { rows: await parts.purge() });
  } catch (error) {
    const { cause } = error as Error;
    log.error("recordsNotPurged", { cause: cause instanceof Error ? cause.name : undefined });
  }
}

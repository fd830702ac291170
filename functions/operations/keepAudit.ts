import { recoverAudit } from "../audit/recoverAudit.ts";
import type { Log } from "../log.ts";
import type { Parts } from "../parts.ts";

/**
 * Writes the audit records that are missing, then deletes those that are kept no longer. What fails
 * is done an hour later.
 */
export async function keepAudit(parts: Parts, log: Log): Promise<void> {
  const steps = [
    ["auditCompleted", "auditNotCompleted", () => recoverAudit(parts, log)],
    ["auditPurged", "auditNotPurged", () => parts.purgeAudit()],
  ] as const;
  for (const [done, failed, step] of steps) {
    try {
      log.info(done, { rows: await step() });
    } catch (error) {
      const { cause } = error as Error;
      log.error(failed, { cause: cause instanceof Error ? cause.name : undefined });
    }
  }
}

import { directoryEvidence, type Outcome, outcome, outcomeDetail } from "./outcome.ts";
import { READS } from "./reads.ts";

/** Readers of the first version know these members, and refuse an outcome with any other. */
const firstOutcome = outcome
  .pick({ version: true, request: true, agent: true, status: true, code: true })
  .extend({
    detail: outcomeDetail.pick({ mustChangeApplied: true, wasLocked: true }).optional(),
    directory: directoryEvidence
      .pick({
        ...{ server: true, resultCode: true, win32: true, missingRight: true },
        policyEnforced: true,
      })
      .optional(),
  });

/**
 * An outcome with no more in it than its reader can read. A code stays even where it is newer than
 * the reader: the first version passes it on, with the status and the text of `directoryRefused`.
 * @param reads what the reader announced
 */
export const outcomeFor = (reads: number, told: Outcome): Outcome =>
  (reads < READS ? firstOutcome : outcome).parse(told);

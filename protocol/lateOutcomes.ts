import { z } from "zod";
import { outcome } from "./outcome.ts";

/** Outcomes in one call, at most: the longest ones still fit into a body. */
export const LATE_OUTCOMES_AT_ONCE = 8;

/** A definite outcome: `unknown` is no news. */
export const lateOutcome = outcome.extend({ status: z.enum(["succeeded", "failed"]) });
export type LateOutcome = z.infer<typeof lateOutcome>;

/**
 * A call as it came: of one outcome that cannot be read, the others are not lost. What a newer
 * agent adds is left out.
 */
export const lateOutcomesCall = z.object({
  version: z.literal(1),
  outcomes: z.array(z.unknown()).min(1).max(LATE_OUTCOMES_AT_ONCE),
});

/** How requests ended whose replies came too late or were never taken. */
export const lateOutcomes = z.object({
  version: z.literal(1),
  outcomes: z.array(lateOutcome).min(1).max(LATE_OUTCOMES_AT_ONCE),
});
export type LateOutcomes = z.infer<typeof lateOutcomes>;

import type { QueueDescription } from "../../../protocol/queues.ts";

/** A queue's rules, in the engine's units. */
export interface QueueSettings {
  readonly name: string;
  readonly requiresSession: boolean;
  readonly lockMs: number;
  /** `Infinity`: messages without a time to live of their own are kept for good. */
  readonly timeToLiveMs: number;
  /** 0: no duplicate detection. */
  readonly duplicateWindowMs: number;
  /** Deliveries after which a message goes to the dead letters; `Infinity` for never. */
  readonly maxDeliveryCount: number;
}

export const settingsOf = (description: QueueDescription): QueueSettings => ({
  name: description.name,
  requiresSession: description.requiresSession,
  lockMs: description.lockSeconds * 1000,
  timeToLiveMs: description.timeToLiveSeconds * 1000,
  duplicateWindowMs: description.duplicateDetectionSeconds * 1000,
  maxDeliveryCount: description.maxDeliveryCount,
});

/** A dead-letter queue has no time to live, no sessions and no dead letters of its own. */
export const deadLetterSettings = (of: QueueSettings): QueueSettings => ({
  name: `${of.name}/$DeadLetterQueue`,
  requiresSession: false,
  lockMs: of.lockMs,
  timeToLiveMs: Number.POSITIVE_INFINITY,
  duplicateWindowMs: 0,
  maxDeliveryCount: Number.POSITIVE_INFINITY,
});

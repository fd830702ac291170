import type { QueueDescription } from "../../../protocol/queues.ts";

const queue = (name: string, rules: Partial<QueueDescription> = {}): QueueDescription => ({
  name,
  requiresSession: false,
  lockSeconds: 1,
  timeToLiveSeconds: 60,
  duplicateDetectionSeconds: 0,
  maxDeliveryCount: 3,
  deadLetteringOnMessageExpiration: false,
  sender: "functions",
  receiver: "agents",
  ...rules,
});

/** The queues of the bus suite. A real namespace allows no lock under 5 s: adapt there. */
export const queues = {
  /** Settling. */
  settle: queue("suite-settle"),
  /** Long enough for the client's own renewal, which starts at half of it. */
  renew: queue("suite-renew", { lockSeconds: 2 }),
  /** A second's time to live, whatever a message says. */
  brief: queue("suite-brief", { timeToLiveSeconds: 1, lockSeconds: 2 }),
  unique: queue("suite-unique", { duplicateDetectionSeconds: 60 }),
  send: queue("suite-send", { lockSeconds: 10 }),
  rights: queue("suite-rights", { lockSeconds: 10 }),
  sessions: queue("suite-sessions", { requiresSession: true, lockSeconds: 2 }),
} as const satisfies Record<string, QueueDescription>;

export const suiteQueues: readonly QueueDescription[] = Object.values(queues);

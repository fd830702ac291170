/** The Service Bus queues: one description for Bicep, the local broker and both halves. */

/** Which half may do something with a queue. */
export type Half = "functions" | "agents";

export interface QueueDescription {
  readonly name: string;
  readonly requiresSession: boolean;
  /** Seconds a receiver holds a message, or a session, before it must renew. */
  readonly lockSeconds: number;
  /** Seconds; the ceiling of every message's own time to live. */
  readonly timeToLiveSeconds: number;
  /** Seconds in which a second message of the same id is dropped; 0 switches detection off. */
  readonly duplicateDetectionSeconds: number;
  readonly maxDeliveryCount: number;
  /** Never true: an expired request would be kept for good, with its payload. */
  readonly deadLetteringOnMessageExpiration: false;
  readonly sender: Half;
  readonly receiver: Half;
}

/** Name of the queue on which the agents of a connector listen. */
export const requestsQueueName = (connector: string): string => `requests-${connector}`;

export const REPLIES_QUEUE_NAME = "replies";

export const requestsQueue = (connector: string): QueueDescription => ({
  name: requestsQueueName(connector),
  requiresSession: false,
  lockSeconds: 10,
  timeToLiveSeconds: 300,
  duplicateDetectionSeconds: 600,
  maxDeliveryCount: 100,
  deadLetteringOnMessageExpiration: false,
  sender: "functions",
  receiver: "agents",
});

export const repliesQueue: QueueDescription = {
  name: REPLIES_QUEUE_NAME,
  requiresSession: true,
  lockSeconds: 30,
  timeToLiveSeconds: 60,
  duplicateDetectionSeconds: 0,
  maxDeliveryCount: 100,
  deadLetteringOnMessageExpiration: false,
  sender: "agents",
  receiver: "functions",
};

/** Every queue of an installation with these connectors. */
export const queuesOf = (connectors: readonly string[]): QueueDescription[] => [
  ...connectors.map(requestsQueue),
  repliesQueue,
];

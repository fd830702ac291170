/** How often each thing has happened to a queue's messages since the broker started. */
export interface Statistics {
  /** Accepted and kept; duplicates are not in it. */
  enqueued: number;
  /** Accepted and dropped. */
  duplicates: number;
  delivered: number;
  completed: number;
  abandoned: number;
  deferred: number;
  deadLettered: number;
  /** Dropped at the end of their time to live. */
  expired: number;
  /** Scheduled messages taken back by their sender. */
  cancelled: number;
  /** Locks, of messages and of sessions, that ran out. */
  locksExpired: number;
}

export const noStatistics = (): Statistics => ({
  enqueued: 0,
  duplicates: 0,
  delivered: 0,
  completed: 0,
  abandoned: 0,
  deferred: 0,
  deadLettered: 0,
  expired: 0,
  cancelled: 0,
  locksExpired: 0,
});

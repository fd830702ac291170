/**
 * What the agent logs beside the error table's rows. Event ids are stable: 411xx life of the
 * agent, 412xx requests, 413xx connections, 414xx trust.
 */
export const EVENTS = {
  agentStarted: { event: 41101, level: "information" },
  agentStopping: { event: 41102, level: "information" },
  agentStopped: { event: 41103, level: "information" },
  listening: { event: 41104, level: "information" },
  notListening: { event: 41105, level: "warning" },
  heartbeatAnswered: { event: 41106, level: "debug" },
  heartbeatFailed: { event: 41107, level: "warning" },
  clockSkewed: { event: 41108, level: "warning" },
  trustListAccepted: { event: 41109, level: "information" },
  unexpected: { event: 41110, level: "error" },

  accepted: { event: 41201, level: "information" },
  outcome: { event: 41202, level: "information" },
  replyNotSent: { event: 41203, level: "warning" },
  jobFailed: { event: 41204, level: "error" },
  concludedLate: { event: 41205, level: "information" },
  lateOutcomeTold: { event: 41206, level: "information" },
  outcomesNotTaken: { event: 41207, level: "warning" },
  journalNotWritten: { event: 41208, level: "error" },
  writeResent: { event: 41209, level: "warning" },
  accountRefused: { event: 41211, level: "warning" },
  accountWarned: { event: 41212, level: "warning" },

  relayDown: { event: 41301, level: "warning" },
  relayUp: { event: 41302, level: "information" },
  relayReplaced: { event: 41303, level: "warning" },
  settlementFailed: { event: 41304, level: "warning" },
  directoryDown: { event: 41305, level: "warning" },
  directoryUp: { event: 41306, level: "information" },

  keyExpires: { event: 41401, level: "warning" },
  keyRetired: { event: 41402, level: "information" },
  trustListHanded: { event: 41403, level: "information" },
  keyNotRetired: { event: 41404, level: "warning" },
} as const satisfies Record<string, { event: number; level: string }>;

export type EventName = keyof typeof EVENTS;

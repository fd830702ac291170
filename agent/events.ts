/** One kind of log record of the agent. */
export interface AgentEvent {
  /** Stable id. */
  readonly event: number;
  readonly level: "debug" | "information" | "warning" | "error";
  /** The id that Microsoft's agent logs for the same, where it has one. */
  readonly microsoft?: number;
}

/**
 * What the agent logs beside the error table's rows. Event ids are stable: 411xx life of the
 * agent, 412xx requests, 413xx connections, 414xx trust.
 */
export const EVENTS = {
  agentStarted: { event: 41101, level: "information", microsoft: 31015 },
  agentStopping: { event: 41102, level: "information" },
  agentStopped: { event: 41103, level: "information", microsoft: 31016 },
  listening: { event: 41104, level: "information" },
  notListening: { event: 41105, level: "warning", microsoft: 31034 },
  heartbeatAnswered: { event: 41106, level: "debug" },
  heartbeatFailed: { event: 41107, level: "warning", microsoft: 32015 },
  clockSkewed: { event: 41108, level: "warning" },
  trustListAccepted: { event: 41109, level: "information" },
  unexpected: { event: 41110, level: "error", microsoft: 32000 },
  configurationOutdated: { event: 41111, level: "warning" },

  accepted: { event: 41201, level: "information" },
  outcome: { event: 41202, level: "information" },
  replyNotSent: { event: 41203, level: "warning", microsoft: 32014 },
  jobFailed: { event: 41204, level: "error" },
  concludedLate: { event: 41205, level: "information" },
  lateOutcomeTold: { event: 41206, level: "information" },
  outcomesNotTaken: { event: 41207, level: "warning", microsoft: 32001 },
  journalNotWritten: { event: 41208, level: "error" },
  writeResent: { event: 41209, level: "warning" },
  accountRefused: { event: 41211, level: "warning" },
  accountWarned: { event: 41212, level: "warning" },

  relayDown: { event: 41301, level: "warning", microsoft: 31034 },
  relayUp: { event: 41302, level: "information" },
  relayReplaced: { event: 41303, level: "warning", microsoft: 32014 },
  settlementFailed: { event: 41304, level: "warning", microsoft: 32014 },
  directoryDown: { event: 41305, level: "warning" },
  directoryUp: { event: 41306, level: "information" },

  keyExpires: { event: 41401, level: "warning" },
  keyRetired: { event: 41402, level: "information" },
  trustListHanded: { event: 41403, level: "information" },
  keyNotRetired: { event: 41404, level: "warning" },
  certificateExpires: { event: 41405, level: "warning" },
} as const satisfies Record<string, AgentEvent>;

export type EventName = keyof typeof EVENTS;

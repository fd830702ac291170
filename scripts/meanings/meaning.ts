/** What an operator reads about a code: what has happened, and what to do about it. */
export interface Meaning {
  readonly means: string;
  readonly action: string;
}

/** Where the agent has written more than any answer says. */
export const LOGS = "Look for the tracking id in the agent's log.";

import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds: two heartbeats and more, on a loaded machine. */
const DEADLINE_MS = 90_000;

/** Waits until something holds. @throws Error where it does not in time */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + DEADLINE_MS; !(await holds()); await delay(100))
    if (Date.now() > until) throw new Error(`it did not happen: ${what}`);
}

import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds: several heartbeats, on a loaded machine. */
const DEADLINE_MS = 120_000;

/**
 * Waits until something holds.
 * @param what or what tells it, once it is too late
 * @throws Error where it does not in time
 */
export async function eventually(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  milliseconds = DEADLINE_MS,
): Promise<void> {
  for (const until = Date.now() + milliseconds; !(await holds()); await delay(100))
    if (Date.now() > until)
      throw new Error(`it did not happen: ${typeof what === "string" ? what : what()}`);
}

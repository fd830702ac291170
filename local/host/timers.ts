import type { Log } from "../../functions/log.ts";
import type { Parts } from "../../functions/parts.ts";
import { timers } from "../../functions/timers.ts";

const HOUR_MS = 3_600_000;

/** Runs the table of timers as the Functions host does, but from the hour of the start. */
export function startTimers(parts: Parts, log: Log): void {
  for (const { run } of timers) setInterval(() => void run(parts, log), HOUR_MS).unref();
}

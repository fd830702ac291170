import { CommandError } from "../workstation/commandError.ts";
import type { Desk } from "./desk.ts";

/** Milliseconds in which the functions start and their roles hold. */
const PATIENCE_MS = 10 * 60_000;
const PAUSE_MS = 10_000;

/**
 * Waits until the functions answer and can read where the trust list lies.
 * @throws CommandError: not in ten minutes, or the operator is refused
 */
export async function untilReady({ ready, print, now, sleep }: Desk): Promise<void> {
  const until = now() + PATIENCE_MS;
  let wrong = await ready();
  if (wrong !== undefined) print("Waiting for the functions to start, ten minutes at most.");
  while (wrong !== undefined) {
    if (now() + PAUSE_MS > until)
      throw new CommandError(
        `The functions do not answer as they should (${wrong}). Is the package deployed? ` +
          "Their log stream says what a start lacks. Then run the command again.",
      );
    await sleep(PAUSE_MS);
    wrong = await ready();
  }
}

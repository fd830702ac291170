import { z } from "zod";
import { SETTINGS } from "./settings/settings.ts";

const settings = z.object(SETTINGS);
export type Configuration = z.infer<typeof settings>;

/**
 * Reads the settings once, at start.
 * @throws Error that names each wrong setting, never its value
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const parsed = settings.safeParse(environment);
  if (!parsed.success)
    throw wrong(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
  if (parsed.data.WRITE_START_SECONDS >= parsed.data.TOTAL_WAIT_SECONDS)
    throw wrong(["WRITE_START_SECONDS: must be below TOTAL_WAIT_SECONDS"]);
  return parsed.data;
}

const wrong = (which: readonly string[]): Error =>
  new Error(`Settings are missing or wrong:\n  ${which.join("\n  ")}`);

import { z } from "zod";
import { SETTINGS } from "./settings/settings.ts";
import { SettingsError } from "./settings/settingsError.ts";

const settings = z.object(SETTINGS);
export type Configuration = z.infer<typeof settings>;

/**
 * Reads the settings once, at start.
 * @throws SettingsError that names each wrong setting
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const parsed = settings.safeParse(environment);
  if (!parsed.success)
    throw new SettingsError(
      parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`),
    );
  if (parsed.data.WRITE_START_SECONDS >= parsed.data.TOTAL_WAIT_SECONDS)
    throw new SettingsError(["WRITE_START_SECONDS: must be below TOTAL_WAIT_SECONDS"]);
  return parsed.data;
}

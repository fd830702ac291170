/** A setting with which nothing can start. Its text names the setting, never the value. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";

  /** @param problems each begins with the name of the setting */
  constructor(problems: readonly string[]) {
    super(`Settings are missing or wrong:\n  ${problems.join("\n  ")}`);
  }
}

import { z } from "zod";

/** What is said of a setting. */
export interface SettingText {
  /** As the page of the settings has it. */
  readonly about: string;
  /** What might stand there, harmless; of one that has a default, that. */
  readonly example: string;
}
export const settingTexts = z.registry<SettingText>();

function saying<T extends z.ZodType>(schema: T, text: SettingText): T {
  settingTexts.add<z.ZodType>(schema, text);
  return schema;
}

/** A setting without which the app does not start. */
export const needed = <T extends z.ZodType>(schema: T, about: string, example: string): T =>
  // A copy: other settings have the same schema, and something else is said of them.
  saying(z.clone(schema), { about, example });

/** A setting that has this text where nothing is said. */
export const byDefault = <T extends z.ZodType<unknown, string>>(
  schema: T,
  text: z.input<T>,
  about: string,
) => saying(z.prefault(schema, text), { about, example: text });

/** A setting that may be left out and has no default. */
export const optional = <T extends z.ZodType>(schema: T, about: string, example: string) =>
  saying(schema.optional(), { about, example });

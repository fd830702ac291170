import { z } from "zod";

/**
 * A setting without which the app does not start.
 * @param about as the page of the settings has it
 * @param example what might stand there, harmless
 */
export const needed = <T extends z.ZodType>(schema: T, about: string, example: string): T =>
  schema.meta({ description: about, examples: [example] });

/** A setting that has this text where nothing is said. */
export const byDefault = <T extends z.ZodType>(schema: T, text: z.input<T>, about: string) =>
  z.prefault(schema, text).meta({ description: about });

/** A setting that may be left out and has no default. */
export const optional = <T extends z.ZodType>(schema: T, about: string, example: string) =>
  schema.optional().meta({ description: about, examples: [example] });

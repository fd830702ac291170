import { z } from "zod";
import { type SettingText, settingTexts } from "../functions/settings/setting.ts";
import { SETTINGS } from "../functions/settings/settings.ts";

/** A setting as pages and files have it. */
export interface SettingRow extends SettingText {
  readonly name: string;
  readonly kind: "needed" | "default" | "optional";
}

function rowOf(name: string, schema: z.ZodType): SettingRow {
  const text = settingTexts.get(schema);
  if (!text) throw new Error(`nothing is said of ${name}`);
  if (schema instanceof z.ZodPrefault) return { name, kind: "default", ...text };
  return { name, kind: schema instanceof z.ZodOptional ? "optional" : "needed", ...text };
}

/** Every setting of the functions, in the order of their table. */
export const SETTING_ROWS: readonly SettingRow[] = Object.entries(SETTINGS).map(([name, schema]) =>
  rowOf(name, schema),
);

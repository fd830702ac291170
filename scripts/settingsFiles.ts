import type { SettingRow } from "./settingRows.ts";

/** Columns that the formatter leaves a list on one line. */
const WIDTH = 100;
const valuesOf = (rows: readonly SettingRow[]): Readonly<Record<string, string>> =>
  Object.fromEntries(rows.map(({ name, example }) => [name, example]));

/** `infra/settings.json`: what the templates set, and what else they may be told to set. */
export function infraSettings(rows: readonly SettingRow[]): string {
  const names = rows.filter(({ kind }) => kind === "optional").map(({ name }) => name);
  const defaults = valuesOf(rows.filter(({ kind }) => kind === "default"));
  const text = JSON.stringify({ defaults, withoutDefault: names }, null, 2);
  const line = `  "withoutDefault": [${names.map((name) => `"${name}"`).join(", ")}]`;
  const short = text.replace(/ {2}"withoutDefault": \[[^\]]*\]/, line);
  return `${line.length > WIDTH ? text : short}\n`;
}

/** `local.settings.json.example`: every setting, and what the host itself must be told. */
export function exampleSettings(rows: readonly SettingRow[]): string {
  const Values = {
    FUNCTIONS_WORKER_RUNTIME: "node",
    AzureWebJobsStorage: "UseDevelopmentStorage=true",
    ...valuesOf(rows),
  };
  return `${JSON.stringify({ IsEncrypted: false, Values }, null, 2)}\n`;
}

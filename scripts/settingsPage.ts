import { markdownTable } from "./markdown.ts";
import type { SettingRow } from "./settingRows.ts";

const INTRODUCTION = `# Settings of the deployment

What the Functions app is told by its environment, once, at its start; without one that is needed, or with one that
cannot be read, it does not start and names it. What operators change while it runs are the
[settings of the tenant](tenantSettings.md); the agent has a [file of its own](directory.md).

Nothing here is secret: the app signs in with its managed identity. \`local.settings.json.example\` has the same as a
file to begin with, \`infra/settings.json\` what the templates set where they are told nothing else. This page and both
files are written by \`npm run docs\` from \`functions/settings/settings.ts\`.
`;

/** The page of all settings: a row each. */
export function settingsPage(rows: readonly SettingRow[]): string {
  const needed = rows.filter(({ kind }) => kind === "needed");
  const others = rows.filter(({ kind }) => kind !== "needed");
  return `${INTRODUCTION}
## Needed

${markdownTable(
  ["Setting", ""],
  needed.map(({ name, about }) => [`\`${name}\``, about]),
)}

## With a default

${markdownTable(
  ["Setting", "Default", ""],
  others.map(({ name, kind, example, about }) => [
    `\`${name}\``,
    kind === "default" ? `\`${example}\`` : "none",
    about,
  ]),
)}
`;
}

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Files } from "./bundle.ts";

/**
 * Written by `npm start -- --no-host`, or by somebody's own hand. `func` and `azd` leave it out.
 */
const SETTINGS = "local.settings.json";

/**
 * Puts files in the place of those of an earlier build. Settings for `func start` stay.
 *
 * @throws Error if anything else lies there: it is not ours to delete, nor is it to be deployed
 */
export function writeFolder(folder: string, files: Files): void {
  const made = new Set([...files.keys()].map((name) => name.split("/")[0]));
  const found = existsSync(folder) ? readdirSync(folder) : [];
  const strange = found.find((name) => !made.has(name) && name !== SETTINGS);
  if (strange !== undefined)
    throw new Error(`the build did not make ${join(folder, strange)}: move it, or build elsewhere`);
  for (const name of found) if (name !== SETTINGS) rmSync(join(folder, name), { recursive: true });
  for (const [name, content] of files) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { askedOf } from "../commandLine/program.ts";
import { endOnSignal } from "./endOnSignal.ts";
import { describeStack, writeDescription } from "./stack/description.ts";
import { greeting } from "./stack/greeting.ts";
import { startStack } from "./stack/startStack.ts";
import { writeTokenFiles } from "./stack/tokenFiles.ts";
import { HOST_SETTINGS, START } from "./startProgram.ts";

const { startDirectory, port, directory, describe, hostSettingsFile } = askedOf(START);
if (hostSettingsFile !== undefined && !existsSync(dirname(hostSettingsFile))) {
  const folder = dirname(hostSettingsFile);
  const advice = hostSettingsFile === HOST_SETTINGS ? ": npm run build makes it" : "";
  process.stderr.write(`There is no ${folder}${advice}.\n`);
  process.exit(2);
}
const begun = performance.now();
process.stdout.write(`Starting (directory: ${directory}) …\n`);

const starting = startStack({
  root: fileURLToPath(new URL("..", import.meta.url)),
  startDirectory,
  port,
  hostSettingsFile,
  onLost: (name) => process.stderr.write(`The process of the ${name} has ended.\n`),
});

const stopStarted = async (): Promise<void> => (await starting).stop();
const asked = endOnSignal(stopStarted, 0);

try {
  const stack = await starting;
  const description = await describeStack(stack);
  await writeTokenFiles(description);
  if (describe !== undefined) await writeDescription(describe, description);
  if (!asked.ending)
    process.stdout.write(greeting(description, (performance.now() - begun) / 1_000));
} catch (error) {
  if (!asked.ending) {
    process.stderr.write(`Could not start: ${(error as Error).message}\n`);
    await stopStarted().catch(() => {});
    process.exit(1);
  }
}

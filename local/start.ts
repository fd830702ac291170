import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { askedOf } from "../commandLine/program.ts";
import { describeStack, writeDescription } from "./stack/description.ts";
import { greeting } from "./stack/greeting.ts";
import { startStack } from "./stack/startStack.ts";
import { writeTokenFiles } from "./stack/tokenFiles.ts";
import { START } from "./startProgram.ts";

const { startDirectory, port, directory, describe, hostSettingsFile } = askedOf(START);
if (hostSettingsFile !== undefined && !existsSync(dirname(hostSettingsFile))) {
  process.stderr.write(`There is no ${dirname(hostSettingsFile)}: npm run build makes it.\n`);
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

let ending = false;
const end = (): void => {
  if (ending) return;
  ending = true;
  process.stdout.write("\nStopping …\n");
  starting
    .then((stack) => stack.stop())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
};
process.on("SIGINT", end);
process.on("SIGTERM", end);
process.on("SIGHUP", end);

try {
  const stack = await starting;
  const description = await describeStack(stack);
  await writeTokenFiles(description);
  if (describe !== undefined) await writeDescription(describe, description);
  if (!ending) process.stdout.write(greeting(description, (performance.now() - begun) / 1_000));
} catch (error) {
  process.stderr.write(`Could not start: ${(error as Error).message}\n`);
  process.exit(1);
}

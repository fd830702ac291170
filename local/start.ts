import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { LocalCertificates } from "./certificates.ts";
import { startSimulatedDirectory } from "./directory/startSimulatedDirectory.ts";
import type { LocalDirectory } from "./localDirectory.ts";
import { startSamba } from "./samba/startSamba.ts";
import { describeStack, writeDescription } from "./stack/description.ts";
import { greeting } from "./stack/greeting.ts";
import { startStack } from "./stack/startStack.ts";
import { writeTokenFiles } from "./stack/tokenFiles.ts";

const HOST_SETTINGS = "dist/functions/local.settings.json";
const USAGE = `Usage: npm start -- [options]

  --directory simulated|samba   the directory behind the agent (simulated)
  --port NUMBER                 port of the API (7071, or a free one if that is taken)
  --describe FILE               also write addresses, tokens and people to FILE as JSON
  --no-host                     leave the functions' host to func, or to whatever else runs it
  --settings FILE               where that host's settings go (${HOST_SETTINGS})
`;

const DIRECTORIES: Record<string, (certificates: LocalCertificates) => Promise<LocalDirectory>> = {
  simulated: (certificates) => startSimulatedDirectory({ certificates }),
  samba: (certificates) => startSamba({ version: "4.24", certificates }),
};

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        directory: { type: "string", default: "simulated" },
        port: { type: "string" },
        describe: { type: "string" },
        "no-host": { type: "boolean", default: false },
        settings: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    const startDirectory = DIRECTORIES[values.directory];
    const port = values.port === undefined ? undefined : Number(values.port);
    if (values.help || !startDirectory || (port !== undefined && !(port > 0 && port < 65_536)))
      throw new RangeError();
    if (values.settings !== undefined && !values["no-host"]) throw new RangeError();
    const hostSettingsFile = values["no-host"] ? (values.settings ?? HOST_SETTINGS) : undefined;
    return { ...values, port, startDirectory, hostSettingsFile };
  } catch {
    process.stderr.write(USAGE);
    return process.exit(2);
  }
}

const { startDirectory, port, directory, describe, hostSettingsFile } = readArguments();
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

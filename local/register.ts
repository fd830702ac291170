import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { registerThere } from "./stack/registrationDoor.ts";

const USAGE = `Usage: npm run local:register -- REQUEST [--port NUMBER]

  REQUEST         the file that "enroll" has written
  --port NUMBER   port of the API of the running stack (7071)

Registers the agent's application in the local tenant, in the place of whoever administers Entra,
and prints its ids as a shell reads them.
`;

function readArguments(): { readonly file: string; readonly port: string } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { port: { type: "string", default: "7071" } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0 || !/^\d+$/.test(values.port)) throw new RangeError();
    return { file, port: values.port };
  } catch {
    process.stderr.write(USAGE);
    return process.exit(2);
  }
}

const { file, port } = readArguments();
try {
  const folder = join(fileURLToPath(new URL("..", import.meta.url)), ".local", port);
  const { clientId, objectId } = await registerThere(folder, await readFile(file, "utf8"));
  process.stdout.write(`CLIENT_ID=${clientId}\nSERVICE_PRINCIPAL=${objectId}\n`);
} catch (error) {
  process.stderr.write(`Not registered: ${(error as Error).message}\n`);
  process.exit(1);
}

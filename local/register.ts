import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { askedOf } from "../commandLine/program.ts";
import { registerThere } from "./stack/registrationDoor.ts";

const PORT = {
  value: "NUMBER",
  meaning: "port of the API of the running stack (7071)",
  must: [/^\d+$/, "a port"],
} as const;

const { file, port } = askedOf({
  name: "npm run local:register --",
  does: `register an agent's application in the local tenant, in the place of whoever administers
  Entra; REQUEST is the file that "enroll" has written. Prints its ids as a shell reads them`,
  options: { port: PORT },
  operand: "REQUEST",
  needs: [],
  may: ["port"],
  run: (values, request) => ({ file: request, port: values.port || "7071" }),
});
try {
  const folder = join(fileURLToPath(new URL("..", import.meta.url)), ".local", port);
  const { clientId, objectId } = await registerThere(folder, await readFile(file, "utf8"));
  process.stdout.write(`CLIENT_ID=${clientId}\nSERVICE_PRINCIPAL=${objectId}\n`);
} catch (error) {
  process.stderr.write(`Not registered: ${(error as Error).message}\n`);
  process.exit(1);
}

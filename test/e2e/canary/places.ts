import { readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { TableClient, TableServiceClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import { QUEUES } from "../../../local/stack/queueRights.ts";
import type { Stack } from "../../../local/stack/startStack.ts";
import type { Place } from "../../canaries.ts";

/** Where an agent's host keeps its secrets, for its account alone. */
const SECRET_FILES = new Set(["encryption.jwk.json", "agent.pem", "service-account.secret"]);
/** Bytes above which a temporary file is somebody else's. */
const LARGEST = 4_000_000;

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? "");

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    // It went away meanwhile, or is not ours to read.
    return Buffer.alloc(0);
  }
}

function filesBelow(folder: string, depth = 6): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return depth > 0 ? filesBelow(path, depth - 1) : [];
      return entry.isFile() ? [path] : [];
    });
  } catch {
    return [];
  }
}

/** Logs of both processes, the agent's journal, and whatever else lies in the stack's folder. */
export const filesOf = ({ folder }: Stack): Place[] =>
  filesBelow(folder)
    .filter((path) => !SECRET_FILES.has(basename(path)))
    .map((path) => ({ name: path.slice(folder.length + 1), bytes: read(path) }));

/** Temporary files that were written since. @param since milliseconds since 1970 */
export const temporaryFiles = (since: number): Place[] =>
  filesBelow(tmpdir(), 3).flatMap((path) => {
    const { mtimeMs = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs < since || size > LARGEST) return [];
    return [{ name: `temporary ${path}`, bytes: read(path) }];
  });

/** Every row of every table that there is. */
export async function rowsOf({ tables }: Stack, credential: TokenCredential): Promise<Place[]> {
  const places: Place[] = [];
  for await (const { name = "" } of new TableServiceClient(tables.url, credential).listTables()) {
    const rows: unknown[] = [];
    for await (const row of new TableClient(tables.url, name, credential).listEntities())
      rows.push(row);
    places.push({ name: `table ${name}`, bytes: bytesOf(rows) });
  }
  return places;
}

/** Every message that the broker holds, in whatever state, with its encoded parts as they are. */
export const messagesOf = ({ broker }: Stack): Place[] =>
  QUEUES.flatMap(({ name }) => [name, `${name}/$DeadLetterQueue`]).flatMap((name) =>
    broker
      .queue(name)
      .messages()
      .flatMap(({ message: { content, ...message } }) => [
        {
          name: `properties in ${name}`,
          bytes: Buffer.concat([content.properties, bytesOf(message)]),
        },
        { name: `body in ${name}`, bytes: content.body },
      ]),
  );

/** Command line and environment of every process that this one may look at. */
export const processes = (): Place[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) =>
      ["cmdline", "environ"].map((file) => ({
        name: `${file} of a process`,
        bytes: read(`/proc/${pid}/${file}`),
      })),
    )
    .filter(({ bytes }) => bytes.length > 0);

import { readFile, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { timers } from "../../functions/timers.ts";
import { HOST_BODY_BYTES } from "../host/bodyLimit.ts";
import { isAlive } from "./claimPort.ts";

/** Names the process whose stack a settings file belongs to. */
const OWNER = "LOCAL_STACK_PROCESS";

const written = z.object({ Values: z.object({ [OWNER]: z.coerce.number().int().positive() }) });

/** The content of `local.settings.json`, as `func start` reads it. */
export interface HostSettings {
  readonly IsEncrypted: false;
  /** What the process of the functions finds in its environment. */
  readonly Values: Readonly<Record<string, string>>;
  readonly Host: { readonly LocalHttpPort: number };
}

/**
 * What a host that somebody else starts needs to run the functions against this stack.
 * @param settings of the functions
 * @param caFile certificate authority of the stack's peers
 */
export const hostSettings = (
  settings: Readonly<Record<string, string>>,
  port: number,
  caFile: string,
): HostSettings => ({
  IsEncrypted: false,
  Values: {
    FUNCTIONS_WORKER_RUNTIME: "node",
    // There is no blob storage here: the host's own keys lie in files, and no timer runs.
    AzureWebJobsSecretStorageType: "files",
    ...Object.fromEntries(timers.map(({ name }) => [`AzureWebJobs.${name}.Disabled`, "true"])),
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: String(HOST_BODY_BYTES),
    NODE_EXTRA_CA_CERTS: caFile,
    ...settings,
    [OWNER]: String(process.pid),
  },
  Host: { LocalHttpPort: port },
});

/** The process whose stack wrote this file; 0 where it is somebody's own file. */
async function ownerOf(file: string): Promise<number | undefined> {
  try {
    const text = await readFile(file, "utf8");
    return written.parse(JSON.parse(text)).Values[OWNER];
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : 0;
  }
}

/**
 * Writes the file for its owner only, and takes the place of one that a stack left behind.
 * @throws Error where the file is somebody's own, or of a stack that still runs
 */
export async function writeHostSettings(file: string, settings: HostSettings): Promise<void> {
  const owner = await ownerOf(file);
  if (owner === 0)
    throw new Error(`${file} was not written by this command: move it, or name another one`);
  if (owner !== undefined && owner !== process.pid && isAlive(owner))
    throw new Error(`${file} belongs to a stack that is running: name another one`);
  await rm(file, { force: true });
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  await writeFile(file, text, { mode: 0o600, flag: "wx" });
}

/** Its addresses lead nowhere when the stack has ended. Leaves what somebody put in its place. */
export async function removeHostSettings(file: string): Promise<void> {
  if ((await ownerOf(file)) === process.pid) await rm(file, { force: true });
}

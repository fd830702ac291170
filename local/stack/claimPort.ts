import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { anyFreePort, isPortFree } from "./freePort.ts";

/** A port of the API, and the folder that belongs to the copy of the stack that has it. */
export interface Claimed {
  readonly port: number;
  readonly folder: string;
}

const OWNER = "owner.pid";
const ATTEMPTS = 20;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** What a copy that was killed has left is taken over. */
async function takeFolder(folder: string): Promise<boolean> {
  const owner = Number(await readFile(join(folder, OWNER), "utf8").catch(() => "0"));
  if (owner > 0 && isAlive(owner)) return false;
  await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { mode: 0o700 });
    await writeFile(join(folder, OWNER), String(process.pid));
    return true;
  } catch {
    return false;
  }
}

/**
 * The wanted port, or the usual one, or else a free one; copies side by side never get the same.
 * @throws Error where the wanted port is taken
 */
export async function claimPort(local: string, usual: number, wanted?: number): Promise<Claimed> {
  await mkdir(local, { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = wanted ?? (attempt === 0 ? usual : await anyFreePort());
    const folder = join(local, String(port));
    if ((await isPortFree(port)) && (await takeFolder(folder))) return { port, folder };
    if (wanted !== undefined) break;
  }
  throw new Error(wanted === undefined ? "no free port" : `port ${wanted} is taken`);
}

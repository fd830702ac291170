import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { anyFreePort, isPortFree } from "./freePort.ts";

/** A port of the API, and the folder that belongs to the copy of the stack that has it. */
export interface Claimed {
  readonly port: number;
  readonly folder: string;
}

const ATTEMPTS = 20;

/** Whether there is such a process. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** What a copy that was killed has left is taken over. */
async function takeFolder(folder: string): Promise<boolean> {
  const owner = `${folder}.owner`;
  try {
    await writeFile(owner, String(process.pid), { flag: "wx", mode: 0o600 });
  } catch {
    const pid = Number(await readFile(owner, "utf8").catch(() => "0"));
    if (pid === 0 || isAlive(pid)) return false;
    // Of two that find a dead owner at once, one removes the file and the other finds it new.
    await rm(owner, { force: true });
    return takeFolder(folder);
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  return true;
}

/** Gives folder and port back. */
export async function releasePort({ folder }: Claimed): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await rm(`${folder}.owner`, { force: true });
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

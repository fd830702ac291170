import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/**
 * Ends the server of a folder whose owner is dead. One that was frozen when its owner was killed
 * never notices that by itself. Its standard output is the log in its folder: that tells it from a
 * stranger who has been given the same process id since.
 */
export async function endOrphan(folder: string): Promise<void> {
  const text = await readFile(join(folder, "run/samba.pid"), "utf8").catch(() => "");
  const pid = Number(text.trim());
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  const output = await readlink(`/proc/${pid}/fd/1`).catch(() => "");
  if (output === join(folder, "log.samba")) process.kill(pid, "SIGKILL");
}

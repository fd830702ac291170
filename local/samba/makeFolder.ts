import { randomBytes } from "node:crypto";
import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./isAlive.ts";

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Drafts carry the process id of their maker; those of the dead are removed. */
async function sweepDrafts(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.draft-`;
  const names = await readdir(dirname(folder)).catch(() => []);
  for (const name of names.filter((entry) => entry.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split("-")[0]);
    if (!isAlive(pid)) await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

const underway = new Map<string, Promise<void>>();

async function makeNow(folder: string, make: (draft: string) => Promise<void>): Promise<void> {
  await sweepDrafts(folder);
  const draft = `${folder}.draft-${process.pid}-${randomBytes(4).toString("hex")}`;
  await mkdir(draft, { recursive: true, mode: 0o755 });
  try {
    await make(draft);
    await rename(draft, folder).catch(async (error: NodeJS.ErrnoException) => {
      const lostTheRace = error.code === "ENOTEMPTY" || error.code === "EEXIST";
      if (!lostTheRace) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Makes a folder that is there whole or not at all. It is filled under another name and renamed at
 * the end, so any number of processes may want it at once: the first to finish wins, and nobody
 * ever sees half of it.
 */
export async function makeFolder(
  folder: string,
  make: (draft: string) => Promise<void>,
): Promise<void> {
  if (await exists(folder)) return;
  const started = underway.get(folder) ?? makeNow(folder, make);
  underway.set(folder, started);
  await started.finally(() => underway.delete(folder));
}

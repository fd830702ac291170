import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes a folder that nobody but the agent's account can look into. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Text of a file; undefined where there is none. @throws what the file system said */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Writes a file that only the agent's account may read: whole, or not at all.
 * @throws what the file system said, `EEXIST` where there is one already: a key is never replaced
 */
export function writeNew(path: string, text: string): Promise<void> {
  return draft(path, text, async (written) => {
    await link(written, path);
    await rm(written);
  });
}

/** As `writeNew`, in the place of what is there. @throws what the file system said */
export function replace(path: string, text: string): Promise<void> {
  return draft(path, text, (written) => rename(written, path));
}

async function draft(
  path: string,
  text: string,
  putInPlace: (written: string) => Promise<void>,
): Promise<void> {
  await makePrivateFolder(dirname(path));
  const written = `${path}.${randomUUID()}`;
  try {
    const handle = await open(written, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await putInPlace(written);
  } finally {
    await rm(written, { force: true });
  }
}

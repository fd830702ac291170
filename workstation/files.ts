import { randomBytes } from "node:crypto";
import { open, rename, rm, stat, writeFile } from "node:fs/promises";
import { MAX_ENROLMENT_BYTES } from "@password-writeback/protocol/enrolment.ts";
import { MAX_TRUST_LIST_CHARACTERS } from "@password-writeback/protocol/limits.ts";
import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { CommandError } from "./commandError.ts";

/** @throws CommandError */
export async function readTextFile(
  path: string,
  what: string,
  mostBytes: number = MAX_TRUST_LIST_CHARACTERS,
): Promise<string> {
  const file = await open(path, "r").catch(() => {
    throw new CommandError(`The ${what} cannot be read: ${path}`);
  });
  try {
    if ((await file.stat()).size > mostBytes)
      throw new CommandError(`The ${what} is longer than ${mostBytes} bytes: ${path}`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

/** As `readTextFile`, without white space at its ends; undefined where there is no such file. */
export async function readIfThere(path: string, what: string): Promise<string | undefined> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere ? (await readTextFile(path, what)).trim() : undefined;
}

/** @throws CommandError */
export async function readJsonFile(path: string, what: string): Promise<unknown> {
  const text = await readTextFile(path, what, MAX_ENROLMENT_BYTES);
  const json = parseJson(text);
  if (json === undefined) throw new CommandError(`The ${what} is not JSON: ${path}`);
  return json;
}

/**
 * Refuses a file with a private key that others may read; Windows has no such bits.
 * @throws CommandError
 */
export async function assertPrivate(path: string, what: string): Promise<void> {
  const { mode } = await stat(path).catch(() => {
    throw new CommandError(`The ${what} cannot be read: ${path}`);
  });
  if (process.platform !== "win32" && (mode & 0o077) !== 0)
    throw new CommandError(`The ${what} may be read by others than its owner: ${path}`);
}

/** Writes a file for its owner alone that must not be there yet. @throws CommandError */
export async function writeNewFile(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flag: "wx" }).catch(() => {
    throw new CommandError(`The file cannot be written, or is there already: ${path}`);
  });
}

/** Replaces a file, for its owner alone, whole or not at all. @throws CommandError */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: "wx" });
    await rename(draft, path);
  } catch {
    await rm(draft, { force: true });
    throw new CommandError(`The file cannot be written: ${path}`);
  }
}

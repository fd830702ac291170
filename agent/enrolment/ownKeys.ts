import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type PublicKey, publicKey } from "@password-writeback/protocol/trustList.ts";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { writeNew } from "../privateFile.ts";
import { KEY_FILE_ENDING } from "../trust/keyFileEnding.ts";
import { readPrivateKey } from "../trust/privateKey.ts";

/** An encryption key of the agent, without its private part. */
export interface OwnKey {
  readonly open: PublicKey;
  /** When it was made: seconds since 1970. */
  readonly made: number;
}

/**
 * The keys that a folder holds, the newest first; none where there is no folder.
 * @throws ConfigurationError, or what the file system said
 */
export async function ownKeys(folder: string): Promise<OwnKey[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith(KEY_FILE_ENDING));
  const keys = await Promise.all(files.map((name) => readPrivateKey(join(folder, name))));
  return keys
    .map(({ d: _, made, ...open }) => ({ open, made }))
    .sort((one, other) => other.made - one.made);
}

/** Makes an encryption key in a file of its own. @param now seconds since 1970 */
export async function makeOwnKey(folder: string, now: number): Promise<OwnKey> {
  const pair = await generateKeyPair("ECDH-ES+A256KW", { extractable: true });
  const open = publicKey.parse(await exportJWK(pair.publicKey));
  const kid = await calculateJwkThumbprint(open);
  const made = Math.floor(now);
  const text = `${JSON.stringify({ ...(await exportJWK(pair.privateKey)), made })}\n`;
  await writeNew(join(folder, `encryption-${kid}${KEY_FILE_ENDING}`), text);
  return { open, made };
}

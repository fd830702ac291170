import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { publicKey } from "@password-writeback/protocol/trustList.ts";
import { z } from "zod";
import { ConfigurationError } from "../configuration.ts";
import { isOpenToOthers } from "../secretFiles.ts";

const privateKey = publicKey
  .extend({
    d: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    /** When it was made: seconds since 1970. */
    made: z.number().nonnegative().default(0),
  })
  .strip();

/** A private P-256 key as it lies in its file. */
export type PrivateKey = z.infer<typeof privateKey>;

/** @throws ConfigurationError, also where others than the agent's account may read the file */
export async function readPrivateKey(file: string): Promise<PrivateKey> {
  if (isOpenToOthers(await stat(file).catch(() => ({ mode: 0 }))))
    throw new ConfigurationError(
      `keyFolder: others than the agent's account may read ${basename(file)}; run chmod 600 on it.`,
    );
  try {
    return privateKey.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    throw unusableKey(file);
  }
}

/** The error for a file that holds something else. */
export const unusableKey = (file: string): ConfigurationError =>
  new ConfigurationError(`keyFolder: ${basename(file)} must hold a private P-256 key as a JWK.`);

import { readFile } from "node:fs/promises";
import type { RecipientKey } from "@password-writeback/protocol/envelope.ts";
import { publicKey } from "@password-writeback/protocol/trustList.ts";
import { calculateJwkThumbprint, importJWK } from "jose";
import { z } from "zod";
import { ConfigurationError } from "../configuration.ts";

const privateKey = publicKey.extend({ d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }).strip();

/**
 * The agent's own key: what is sealed for it can be opened with nothing else.
 * @throws ConfigurationError
 */
export async function readEncryptionKey(file: string): Promise<RecipientKey> {
  try {
    const jwk = privateKey.parse(JSON.parse(await readFile(file, "utf8")));
    const key = await importJWK(jwk, "ECDH-ES+A256KW");
    if (key instanceof Uint8Array) throw new TypeError("symmetric");
    return { kid: await calculateJwkThumbprint(jwk), key };
  } catch {
    throw new ConfigurationError(
      "encryptionKeyFile: must name a readable file with a private P-256 key as a JWK.",
    );
  }
}

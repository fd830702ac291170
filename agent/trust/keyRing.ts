import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { RecipientKey } from "@password-writeback/protocol/envelope.ts";
import { calculateJwkThumbprint, importJWK } from "jose";
import { ConfigurationError } from "../configuration.ts";
import { KEY_FILE_ENDING } from "./keyFileEnding.ts";
import { readPrivateKey, unusableKey } from "./privateKey.ts";

/** Seconds for which a key that the list names no more is kept: for what was sealed before. */
export const RETIRED_SECONDS = 3_600;
const MAX_KEYS = 16;

/** The private keys of an agent, by their `kid`. */
export interface Keys {
  readonly all: readonly RecipientKey[];
  has(kid: string): boolean;
  /** Looks for keys that were made meanwhile; one that cannot be read leaves all as it was. */
  reload(): Promise<void>;
}

interface HeldKey extends RecipientKey {
  readonly made: number;
  readonly file: string;
}

/**
 * The agent's own encryption keys, one file each in a folder of their own: what is sealed for one
 * can be opened with nothing else. Usually there is one; while it is being replaced there are two.
 */
export class KeyRing implements Keys {
  private readonly folder: string;
  private held: ReadonlyMap<string, HeldKey>;
  /** Since when the trust list names a newer key instead, by kid. */
  private readonly retired = new Map<string, number>();

  private constructor(folder: string, held: ReadonlyMap<string, HeldKey>) {
    this.folder = folder;
    this.held = held;
  }

  /** @throws ConfigurationError */
  static async open(folder: string): Promise<KeyRing> {
    return new KeyRing(folder, await readKeys(folder));
  }

  get all(): readonly RecipientKey[] {
    return [...this.held.values()];
  }

  has(kid: string): boolean {
    return this.held.has(kid);
  }

  async reload(): Promise<void> {
    this.held = await readKeys(this.folder).catch(() => this.held);
  }

  /**
   * Destroys keys that are older than the one that the trust list names, an hour after it began to
   * name that one: nothing is on its way any more that was sealed for them.
   * @param listed the kid that the list names
   * @param now seconds since 1970
   * @returns the kids that are gone
   */
  async retire(listed: string, now: number): Promise<string[]> {
    const current = this.held.get(listed);
    if (!current) return [];
    const gone: string[] = [];
    for (const { kid, made, file } of this.held.values()) {
      if (made >= current.made) continue;
      const since = this.retired.get(kid) ?? now;
      this.retired.set(kid, since);
      if (now - since < RETIRED_SECONDS) continue;
      await rm(file, { force: true });
      gone.push(kid);
    }
    if (gone.length > 0) await this.reload();
    return gone;
  }
}

async function readKeys(folder: string): Promise<ReadonlyMap<string, HeldKey>> {
  const names = await readdir(folder).catch(() => {
    throw new ConfigurationError(
      "keyFolder: the folder cannot be read; check its path and rights.",
    );
  });
  const files = names.filter((name) => name.endsWith(KEY_FILE_ENDING)).sort();
  if (files.length === 0 || files.length > MAX_KEYS)
    throw new ConfigurationError(
      `keyFolder: must hold 1 to ${MAX_KEYS} private keys in files that end in ${KEY_FILE_ENDING}.`,
    );
  const keys = await Promise.all(files.map((name) => readKey(join(folder, name))));
  return new Map(keys.map((key) => [key.kid, key]));
}

async function readKey(file: string): Promise<HeldKey> {
  const { made, ...jwk } = await readPrivateKey(file);
  try {
    const key = await importJWK(jwk, "ECDH-ES+A256KW");
    if (key instanceof Uint8Array) throw new TypeError("symmetric");
    return { kid: await calculateJwkThumbprint(jwk), key, made, file };
  } catch {
    throw unusableKey(file);
  }
}

import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { changedVersion, type KeyChange, type KeyVersion, newVersion } from "./keyVersion.ts";
import { badParameter, VaultError } from "./vaultError.ts";

const NAME = /^[0-9A-Za-z-]{1,127}$/;
const EXTENSION = ".json";

/** The vault's keys, the newest version last; in a folder too, if it is given one. */
export class KeyStore {
  private readonly keys = new Map<string, readonly KeyVersion[]>();
  private readonly folder: string | undefined;
  private readonly clock: () => number;
  private writing: Promise<void> = Promise.resolve();

  private constructor(folder: string | undefined, clock: () => number) {
    this.folder = folder;
    this.clock = clock;
  }

  static async open(folder: string | undefined, clock: () => number): Promise<KeyStore> {
    const store = new KeyStore(folder, clock);
    if (!folder) return store;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const file of await readdir(folder)) {
      if (!file.endsWith(EXTENSION)) continue;
      const versions = JSON.parse(await readFile(join(folder, file), "utf8")) as KeyVersion[];
      store.keys.set(file.slice(0, -EXTENSION.length), versions);
    }
    return store;
  }

  /** Seconds since 1970. */
  now(): number {
    return Math.floor(this.clock() / 1000);
  }

  /** @throws {VaultError} 404 if there is none of that name. */
  versions(name: string): readonly KeyVersion[] {
    const versions = this.keys.get(name);
    if (versions) return versions;
    const text = `A key with (name/id) ${name} was not found in this key vault.`;
    throw new VaultError(404, "KeyNotFound", text);
  }

  has(name: string): boolean {
    return this.keys.has(name);
  }

  /** The newest version unless one is named. @throws {VaultError} 404 */
  get(name: string, version?: string): KeyVersion {
    const versions = this.versions(name);
    const key = version ? versions.find((one) => one.version === version) : versions.at(-1);
    if (key) return key;
    const text = `A key with (name/id) ${name}/${version} was not found in this key vault.`;
    throw new VaultError(404, "KeyNotFound", text);
  }

  /** Adds a version; the first one makes the key. */
  async create(name: string, change: KeyChange = {}): Promise<KeyVersion> {
    if (!NAME.test(name)) throw badParameter("The name of a key has letters, digits and dashes.");
    const key = newVersion(name, change, this.now());
    await this.save(name, [...(this.keys.get(name) ?? []), key]);
    return key;
  }

  async update(name: string, version: string | undefined, change: KeyChange): Promise<KeyVersion> {
    const old = this.get(name, version);
    const changed = changedVersion(old, change, this.now());
    const versions = this.versions(name).map((one) => (one === old ? changed : one));
    await this.save(name, versions);
    return changed;
  }

  private async save(name: string, versions: readonly KeyVersion[]): Promise<void> {
    this.keys.set(name, versions);
    const { folder } = this;
    if (!folder) return;
    this.writing = this.writing.then(() => this.write(folder, name));
    await this.writing;
  }

  /** Atomic, so that a stop in the middle leaves the old file whole. */
  private async write(folder: string, name: string): Promise<void> {
    const file = join(folder, `${name}${EXTENSION}`);
    const draft = `${file}.${randomBytes(4).toString("hex")}`;
    await writeFile(draft, JSON.stringify(this.keys.get(name)), { mode: 0o600 });
    await rename(draft, file);
  }
}

import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** The file holds something else than a number. */
export class DamagedNumberError extends Error {
  override readonly name = "DamagedNumberError";
}

/**
 * A number that only grows and outlives restarts: kept in a file of its own, replaced atomically
 * and flushed to the disk before anyone relies on it.
 */
export class GrowingNumber {
  private readonly file: string;
  private current: number;
  private writing: Promise<void> = Promise.resolve();

  private constructor(file: string, current: number) {
    this.file = file;
    this.current = current;
  }

  /**
   * Reads the number and writes it back, so that a disk that cannot be written shows at once.
   * @throws DamagedNumberError where the file holds something else: starting from 0 would accept
   * old things; or what the file system said
   */
  static async open(file: string): Promise<GrowingNumber> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const number = new GrowingNumber(file, await readNumber(file));
    await number.save(number.current);
    return number;
  }

  get value(): number {
    return this.current;
  }

  /** Resolves once the number is at least this high, on disk as well. */
  raise(to: number): Promise<void> {
    this.writing = this.writing.catch(() => {}).then(() => this.write(to));
    return this.writing;
  }

  /** The file may have grown under the hand of the command that takes a list. */
  private async write(to: number): Promise<void> {
    this.current = Math.max(this.current, await readNumber(this.file));
    if (to <= this.current) return;
    await this.save(to);
    this.current = to;
  }

  private async save(to: number): Promise<void> {
    const draft = `${this.file}.new`;
    const handle = await open(draft, "w", 0o600);
    try {
      await handle.writeFile(`${to}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, this.file);
    await syncFolder(dirname(this.file));
  }
}

async function readNumber(file: string): Promise<number> {
  const content = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "0";
    throw error;
  });
  if (!/^\d{1,16}\n?$/.test(content)) throw new DamagedNumberError("holds no number");
  return Number(content);
}

/** Makes a rename last; systems that cannot open a folder flush it themselves. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

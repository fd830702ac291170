import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Milliseconds after which lines go to a new file, so that old files can be removed. */
const SEGMENT_MS = 3_600_000;
const NAME = /^\d{13}\.jsonl$/;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Open {
  readonly handle: FileHandle;
  readonly until: number;
}

/** A line as it was read, and whether a crash may have cut it off. */
export interface ReadLine {
  readonly text: string;
  readonly isLast: boolean;
}

/**
 * Lines in files of an hour each, only ever appended. Lines that wait at the same time share one
 * write and one flush to the disk. After a write that failed, and after each start, a new file is
 * begun, so that a line that was cut off is always the last one of its file.
 */
export class Segments {
  private readonly folder: string;
  private readonly header: () => string;
  private readonly keepMs: number;
  private readonly wall: () => number;
  private current: Open | undefined;
  private lines: string[] = [];
  private waiting: Waiting[] = [];
  private flushing: Promise<void> | undefined;

  /**
   * @param header first line of each new file
   * @param keepMs milliseconds after its last line for which a file is kept
   * @param wall milliseconds since 1970
   */
  constructor(folder: string, header: () => string, keepMs: number, wall: () => number) {
    this.folder = folder;
    this.header = header;
    this.keepMs = keepMs;
    this.wall = wall;
  }

  /** Makes the folder and removes what is too old. @throws what the file system said */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await this.removeOld();
  }

  /** Every line on disk, oldest first. */
  async *read(): AsyncGenerator<ReadLine> {
    for (const name of await this.names()) {
      let before: string | undefined;
      for await (const text of this.linesOf(name)) {
        if (before !== undefined) yield { text: before, isLast: false };
        before = text;
      }
      if (before !== undefined) yield { text: before, isLast: true };
    }
  }

  /** Puts a line beside the next one that somebody waits for. */
  later(line: string): void {
    this.lines.push(line);
  }

  /** Resolves once the line is on disk. @throws what the file system said: it may be or not */
  append(line: string): Promise<void> {
    this.lines.push(line);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  /** Flushes what waits and closes the file. */
  async close(): Promise<void> {
    if (this.lines.length > 0) await this.append("").catch(() => {});
    await this.flushing;
    await this.current?.handle.close();
    this.current = undefined;
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const [lines, waiting] = [this.lines, this.waiting];
      this.lines = [];
      this.waiting = [];
      try {
        const { handle } = await this.segment();
        await handle.appendFile(lines.map((line) => (line === "" ? "" : `${line}\n`)).join(""));
        await handle.datasync();
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        await this.abandon();
        for (const { reject } of waiting) reject(error);
      }
    }
    this.flushing = undefined;
  }

  private async segment(): Promise<Open> {
    const now = this.wall();
    if (this.current && now < this.current.until) return this.current;
    await this.abandon();
    await this.removeOld();
    const handle = await this.create(now);
    this.current = { handle, until: now + SEGMENT_MS };
    await handle.appendFile(`${this.header()}\n`);
    await syncFolder(this.folder);
    return this.current;
  }

  /** Its name sorts after all others, whatever the clock did. */
  private async create(now: number): Promise<FileHandle> {
    const last = (await this.names()).at(-1);
    const number = Math.max(now, last === undefined ? 0 : Number.parseInt(last, 10) + 1);
    const name = `${String(Math.floor(number)).padStart(13, "0")}.jsonl`;
    return open(join(this.folder, name), "ax", 0o600);
  }

  private async abandon(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.handle.close().catch(() => {});
  }

  private async removeOld(): Promise<void> {
    const before = this.wall() - this.keepMs;
    for (const name of await this.names()) {
      const file = join(this.folder, name);
      if ((await stat(file)).mtimeMs < before) await rm(file, { force: true });
    }
  }

  private async names(): Promise<string[]> {
    return (await readdir(this.folder)).filter((name) => NAME.test(name)).sort();
  }

  private linesOf(name: string): AsyncIterable<string> {
    const input = createReadStream(join(this.folder, name), "utf8");
    return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  }
}

/** Makes a new file's name last; systems that cannot open a folder flush it themselves. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

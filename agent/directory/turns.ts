import { DirectoryError } from "./directoryError.ts";

/** A number of turns for jobs, first come, first served. */
export class Turns {
  private readonly waiting: Array<() => void> = [];
  private free: number;

  constructor(count: number) {
    this.free = count;
  }

  /**
   * Runs a job once it has a turn.
   * @param waitMs milliseconds that it can wait for it
   * @throws DirectoryError `directoryUnreachable` where none came free; whatever the job throws
   */
  async run<T>(waitMs: number, job: () => Promise<T>): Promise<T> {
    await this.turn(waitMs);
    try {
      return await job();
    } finally {
      this.next();
    }
  }

  private turn(waitMs: number): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(
        () => {
          this.waiting.splice(this.waiting.indexOf(go), 1);
          reject(new DirectoryError("directoryUnreachable"));
        },
        Math.max(0, waitMs),
      );
      this.waiting.push(go);
    });
  }

  private next(): void {
    const go = this.waiting.shift();
    if (go) go();
    else this.free += 1;
  }
}

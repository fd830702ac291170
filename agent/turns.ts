/** A number of turns for jobs, first come, first served. */
export class Turns {
  private readonly waiting: Array<() => void> = [];
  private readonly late: () => Error;
  private free: number;

  /**
   * @param count jobs at once
   * @param late what is thrown where no turn came free in time
   */
  constructor(count: number, late: () => Error = () => new Error("no turn came free")) {
    this.free = count;
    this.late = late;
  }

  /**
   * Runs a job once it has a turn.
   * @param waitMs milliseconds that it can wait for it; undefined: as long as it takes
   * @throws what `late` makes, where none came free; whatever the job throws
   */
  async run<T>(waitMs: number | undefined, job: () => Promise<T>): Promise<T> {
    await this.turn(waitMs);
    try {
      return await job();
    } finally {
      this.next();
    }
  }

  private turn(waitMs: number | undefined): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = (): void => {
        this.waiting.splice(this.waiting.indexOf(go), 1);
        reject(this.late());
      };
      if (waitMs !== undefined) timer = setTimeout(giveUp, Math.max(0, waitMs));
      this.waiting.push(go);
    });
  }

  private next(): void {
    const go = this.waiting.shift();
    if (go) go();
    else this.free += 1;
  }
}

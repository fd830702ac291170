/** Lets jobs of the same key run one after the other, in the order of their arrival. */
export class OneAtATime {
  private readonly last = new Map<string, Promise<unknown>>();

  /** @returns what the job returns; a job that failed does not hold up the next */
  async run<T>(key: string, job: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    const mine = before.then(job, job);
    this.last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === mine) this.last.delete(key);
    }
  }

  /** Keys that have a job now. */
  get size(): number {
    return this.last.size;
  }
}

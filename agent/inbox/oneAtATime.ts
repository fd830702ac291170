/** Lets jobs of the same key run one after the other, in the order of their arrival. */
export class OneAtATime {
  private readonly last = new Map<string, Promise<unknown>>();

  /**
   * @param job is told how many milliseconds others of its key have held it up; 0 = none did
   * @returns what the job returns; a job that failed does not hold up the next
   */
  async run<T>(key: string, job: (heldMs: number) => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    const since = performance.now();
    const turn = () => job(before ? performance.now() - since : 0);
    const mine = (before ?? Promise.resolve()).then(turn, turn);
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

/** Where an operation waits, for tests that do something while it is under way. */
export class Gate {
  private readonly arriving = Promise.withResolvers<void>();
  private readonly opening = Promise.withResolvers<void>();

  /** Resolves when the operation waits. */
  get arrived(): Promise<void> {
    return this.arriving.promise;
  }

  /** Lets it go on; for good, if it has not come yet. */
  release(): void {
    this.opening.resolve();
  }

  /** The operation is here. @param goOn is run once it is released */
  wait(goOn: () => void): void {
    this.arriving.resolve();
    void this.opening.promise.then(goOn);
  }
}

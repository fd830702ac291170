import type { Operation } from "../records/operation.ts";

/** The operations that this instance waits for, so that a repeat here need not poll. */
export class Running {
  private readonly operations = new Map<string, Promise<Operation>>();

  track(id: string, operation: Promise<Operation>): void {
    this.operations.set(id, operation);
    const forget = () => this.operations.delete(id);
    operation.then(forget, forget);
  }

  find(id: string): Promise<Operation> | undefined {
    return this.operations.get(id);
  }
}

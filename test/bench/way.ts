import type { Operation } from "./load.ts";

/** A way to have a password reset. */
export interface Way {
  readonly operation: (atATime: number) => Operation;
  readonly close: () => Promise<void>;
}

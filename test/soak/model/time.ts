import { setTimeout as sleep } from "node:timers/promises";
import type { Sources } from "../../../agent/clock.ts";

/** Real time runs so many times faster for those who only wait. */
const FASTER = 15;

/** The time of a whole world: it goes by as usual, and jumps where a test wants it to. */
export class WorldTime {
  private ahead = 0;

  /** Milliseconds since 1970. */
  readonly now = (): number => Date.now() + this.ahead;

  readonly sources: Sources = {
    wall: this.now,
    steady: () => performance.now() + this.ahead,
  };

  pass(milliseconds: number): void {
    this.ahead += milliseconds;
  }

  /** Lets the time pass, in hardly any. */
  readonly sleep = async (milliseconds: number): Promise<void> => {
    await sleep(milliseconds / FASTER);
    this.pass(milliseconds);
  };
}

import type { LocalDirectory } from "../localDirectory.ts";
import type { Counters } from "./counters.ts";
import type { Faults } from "./faults.ts";

/** A stand-in for a domain controller, held in memory, with handles for tests of faults. */
export interface SimulatedDirectory extends LocalDirectory {
  readonly kind: "simulated";
  /** Faults that the next operations meet. */
  readonly faults: Faults;
  readonly counters: Readonly<Counters>;
}

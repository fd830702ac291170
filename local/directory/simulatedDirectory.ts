import type { LocalDirectory } from "../localDirectory.ts";
import type { Counters } from "./counters.ts";
import type { Condition } from "./domain/condition.ts";
import type { Faults } from "./faults.ts";

/** A stand-in for a domain controller, held in memory, with handles for tests of faults. */
export interface SimulatedDirectory extends LocalDirectory {
  readonly kind: "simulated";
  /** Faults that the next operations meet. */
  readonly faults: Faults;
  readonly counters: Readonly<Counters>;
  /** How the controller stands: to be changed at any time. */
  readonly condition: Condition;
  /** The hourly pass that protects members of protected groups; it never comes by itself. */
  protectMembers(): void;
}

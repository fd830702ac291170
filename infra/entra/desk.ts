import type { Graph } from "./graph.ts";
import type { Profile } from "./profile.ts";

/** What a command works with. */
export interface Desk {
  readonly profile: Profile;
  readonly graph: Graph;
  readonly print: (text: string) => void;
  /**
   * Says what is changed and changes it; `undefined` where changes are only to be told.
   * @throws CommandError
   */
  readonly make: <T>(what: string, change: () => Promise<T>) => Promise<T | undefined>;
}

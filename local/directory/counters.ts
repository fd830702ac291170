import type { Operation } from "./wire/request.ts";
import type { Result } from "./wire/response.ts";

/** How much a directory was asked, and how much of it took effect. */
export class Counters {
  connections = 0;
  binds = 0;
  searches = 0;
  /** Modifies that arrived. */
  modifies = 0;
  /** Modifies that were committed. */
  modifiesApplied = 0;

  /** To be called when an operation was carried out. */
  count(operation: Operation, result: Result): void {
    if (operation.kind === "bind") this.binds += 1;
    if (operation.kind === "search") this.searches += 1;
    if (operation.kind === "modify" && result.code === 0) this.modifiesApplied += 1;
  }
}

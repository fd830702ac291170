import type { Caller } from "../access/caller.ts";
import type { CallIds } from "../http/callIds.ts";
import { Trail } from "../http/trail.ts";
import type { Log } from "../log.ts";
import type { Activity } from "./activity.ts";
import type { Audit } from "./audit.ts";
import { recordOfCall } from "./recordOfCall.ts";

interface CallAuditOptions {
  /** What the route does; undefined where its calls are not recorded. */
  readonly activity: Activity | undefined;
  readonly ids: CallIds;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
  readonly address: string | undefined;
  readonly log: Log;
  readonly audit: () => Audit;
}

/**
 * Sees to it that a call leaves one record: as soon as its operation has ended, beside what is
 * still to be done for the answer, or when the call ends. A call of nobody known leaves none: a
 * stranger must not be able to fill the table.
 */
export class CallAudit {
  readonly trail: Trail;
  private readonly options: CallAuditOptions;
  private caller: Caller | undefined;
  private writing: Promise<void> | undefined;

  constructor(options: CallAuditOptions) {
    this.options = options;
    this.trail = new Trail(() => void this.end(undefined));
  }

  /** The token is good, whether or not its bearer may do this. */
  identified(caller: Caller): void {
    this.caller = caller;
  }

  /**
   * Waits until the record is written, or has been tried to be. Never throws: the answer is made.
   * @param code with which the call was refused
   */
  end(code: string | undefined): Promise<void> {
    const { log, ids } = this.options;
    this.writing ??= this.write(code).catch((error: Error) =>
      log.error("auditNotWritten", { requestId: ids.requestId, cause: error.name }),
    );
    return this.writing;
  }

  private async write(code: string | undefined): Promise<void> {
    const { activity, audit, log, ids, arrivedAt, address } = this.options;
    const { caller, trail } = this;
    if (!activity || !caller) return;
    const call = { activity, caller, ids, arrivedAt, address };
    await audit().write(recordOfCall(call, trail.facts, code), log);
  }
}

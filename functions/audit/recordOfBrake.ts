import { ACTIVITIES } from "./activity.ts";
import type { AuditRecord } from "./auditRecord.ts";

/** What the brake has noticed. */
export interface Braked {
  /** Resets of the last minute, as far as they are known. */
  readonly resets: number;
  readonly perMinute: number;
  /** Whether nothing is written for a minute. */
  readonly stops: boolean;
}

/**
 * The record of the service's own decision that too many passwords were being reset.
 * @param service client id of the functions' identity
 * @param at milliseconds since 1970
 */
export function recordOfBrake(
  { resets, perMinute, stops }: Braked,
  service: string,
  id: string,
  at: number,
): AuditRecord {
  const { name, category, type } = ACTIVITIES.brake;
  return {
    ...{ id, at, activity: name, category, type, requestId: id },
    result: "success",
    ...{ actorKind: "application", actorId: service, application: service },
    changes: [
      { name: "resets", after: String(resets) },
      { name: "perMinute", after: String(perMinute) },
      { name: "writes", before: "open", after: stops ? "stopped" : "open" },
    ],
  };
}

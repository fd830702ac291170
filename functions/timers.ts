import type { Log } from "./log.ts";
import { keepAudit } from "./operations/keepAudit.ts";
import { purgeRecords } from "./operations/purgeRecords.ts";
import type { Parts } from "./parts.ts";

/** Work that nobody calls for, once an hour. */
export interface Timer {
  readonly name: string;
  /** Minute of the hour. */
  readonly minute: number;
  readonly run: (parts: Parts, log: Log) => Promise<void>;
}

/** Every timer of the service. Both hosts read this table. */
export const timers: readonly Timer[] = [
  { name: "purgeRecords", minute: 7, run: purgeRecords },
  { name: "keepAudit", minute: 37, run: keepAudit },
];

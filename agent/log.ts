import { type ErrorCode, errorRow } from "@password-writeback/protocol/errors.ts";
import { EVENTS, type EventName } from "./events.ts";
import { microsoftIds } from "./microsoftEvents.ts";

/**
 * Everything that a log record may carry. A fixed list, of codes, ids, names and numbers: no value
 * of a request but its ids, no text of a library or of the directory.
 */
export interface LogFields {
  readonly trackingId?: string;
  readonly requestId?: string;
  readonly messageId?: string;
  readonly operation?: string;
  /** Object id of the target in the cloud. */
  readonly target?: string;
  readonly requester?: string;
  readonly origin?: string;
  readonly deliveryCount?: number;
  readonly status?: string;
  readonly code?: string;
  readonly server?: string;
  /** Distinguished name of the base of a configured domain. */
  readonly domain?: string;
  readonly resultCode?: number;
  readonly win32?: string;
  readonly missingRight?: string;
  readonly keyVersionBefore?: number | undefined;
  readonly keyVersionAfter?: number | undefined;
  /** Names of rules of the table of refusals. */
  readonly rules?: string;
  readonly policyEnforced?: boolean;
  readonly resent?: true;
  readonly compareAndSet?: boolean;
  readonly lockoutThreshold?: number | undefined;
  readonly lockoutWindowSeconds?: number | undefined;
  readonly wasLocked?: boolean;
  readonly mustChangeApplied?: boolean;
  readonly mustChangeUnasked?: true;
  readonly accountDisabled?: true;
  readonly accountExpired?: true;
  readonly milliseconds?: number;
  readonly queue?: string;
  readonly serial?: number;
  /** RFC 7638 thumbprint of one of the agent's own keys. */
  readonly kid?: string;
  /** Whole days until something ends. */
  readonly days?: number;
  readonly skewSeconds?: number;
  readonly state?: string;
  /** Name of an error's class. */
  readonly reason?: string;
  readonly httpStatus?: number;
  readonly agent?: string;
  readonly version?: string;
  /** Members of the configuration, each with what it is called today. */
  readonly members?: string;
  readonly signal?: string;
  readonly running?: number;
}

/** One record of something that happened, or of an error by its code in the error table. */
export type Log = (event: EventName | ErrorCode, fields?: LogFields) => void;

const isEvent = (name: string): name is EventName => Object.hasOwn(EVENTS, name);

/** JSON lines, one object each, for whatever collects standard output. */
export function jsonLog(writeLine: (line: string) => void, now = () => new Date()): Log {
  return (name, fields = {}) => {
    const [event, level] = isEvent(name)
      ? [EVENTS[name].event, EVENTS[name].level]
      : [errorRow(name).event, "warning"];
    const microsoft = microsoftIds(name, fields);
    const record = {
      time: now().toISOString(),
      ...{ level, event, name },
      ...(microsoft.length > 0 && { microsoft }),
      ...fields,
    };
    writeLine(`${JSON.stringify(record)}\n`);
  };
}

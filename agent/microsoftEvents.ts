import { type ErrorCode, errorRow, isErrorCode } from "@password-writeback/protocol/errors.ts";
import type { OperationName, Origin } from "@password-writeback/protocol/request.ts";
import { type AgentEvent, EVENTS, type EventName } from "./events.ts";

/** Ids with which Microsoft's agent tells that an operation began, succeeded, and failed. */
interface Flow {
  readonly start: number;
  readonly success: number;
  readonly fail: number;
}

const SELF_SERVICE: Flow = { start: 31001, success: 31002, fail: 31003 };
const CHANGE: Flow = { start: 31006, success: 31007, fail: 31008 };
const BY_ADMINISTRATOR: Flow = { start: 31009, success: 31010, fail: 31011 };

const selfService = { change: CHANGE, reset: SELF_SERVICE, unlock: SELF_SERVICE } as const;
const byAdministrator = { reset: BY_ADMINISTRATOR } as const;

/**
 * Microsoft's flows, by origin and operation. What its product does not do (an unlock by an
 * administrator, a required change, a probe) has none.
 */
export const FLOWS: Readonly<Record<Origin, Partial<Record<OperationName, Flow>>>> = {
  self: selfService,
  portal: selfService,
  admin: byAdministrator,
  automation: byAdministrator,
  operator: {},
};

/** What a log record says that decides which of Microsoft's ids it has. */
interface Told {
  readonly operation?: string | undefined;
  readonly origin?: string | undefined;
  readonly status?: string | undefined;
  readonly code?: string | undefined;
}

/**
 * Microsoft's event ids for a record: of the event itself, of the operation's flow, and of the
 * reason of a failure. Empty where it has none.
 */
export function microsoftIds(name: EventName | ErrorCode, told: Told = {}): number[] {
  const row: AgentEvent | { readonly microsoft?: number } = isErrorCode(name)
    ? errorRow(name)
    : EVENTS[name];
  const flow = flowOf(told);
  const { status, code } = told;
  const ids = [
    row.microsoft,
    name === "accepted" ? flow?.start : undefined,
    name === "outcome" && status === "succeeded" ? flow?.success : undefined,
    name === "outcome" && status === "failed" ? flow?.fail : undefined,
    name === "outcome" && code !== undefined && isErrorCode(code)
      ? errorRow(code).microsoft
      : undefined,
  ];
  return ids.filter((id) => id !== undefined);
}

const flowOf = ({ origin, operation }: Told): Flow | undefined =>
  Object.entries(FLOWS)
    .filter(([name]) => name === origin)
    .flatMap(([, flows]) => Object.entries(flows))
    .find(([name]) => name === operation)?.[1];

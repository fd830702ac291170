import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { Request } from "@password-writeback/protocol/request.ts";
import type { LogFields } from "../log.ts";

/** What the log says of a request: ids only, nothing that somebody typed. */
export const requestFields = (request: Request): LogFields => ({
  requestId: request.jti,
  trackingId: request.trackingId,
  operation: request.operation,
  origin: request.origin,
  requester: request.requester.id,
  ...(request.operation !== "probe" && { target: request.target.id }),
});

/** Members of an outcome's detail that are logged. */
const LOGGED = [
  "wasLocked",
  "mustChangeApplied",
  "mustChangeUnasked",
  "accountDisabled",
  "accountExpired",
] as const satisfies readonly (keyof LogFields)[];

/** What the log says of an outcome: the directory's codes, not its prose. */
export function outcomeFields({ status, code, detail = {}, directory }: Verdict): LogFields {
  const told = LOGGED.flatMap((name) => (detail[name] === undefined ? [] : [[name, detail[name]]]));
  return {
    status,
    ...(code !== undefined && { code }),
    ...directory,
    ...Object.fromEntries(told),
  };
}

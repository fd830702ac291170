import {
  type DirectoryEvidence,
  MAX_LOCKOUT_WINDOW_SECONDS,
} from "@password-writeback/protocol/outcome.ts";
import type { PasswordPolicy } from "../directory/policy.ts";

const TICKS_PER_SECOND = 10_000_000n;

/**
 * When wrong current passwords would lock the account, for the operator and for the cloud half,
 * which keeps the number of attempts below it. What could not be read is left out.
 */
export function lockoutRule({
  lockoutThreshold,
  lockoutWindow,
}: Pick<PasswordPolicy, "lockoutThreshold" | "lockoutWindow">): Pick<
  DirectoryEvidence,
  "lockoutThreshold" | "lockoutWindowSeconds"
> {
  return {
    ...(lockoutThreshold !== undefined && { lockoutThreshold }),
    ...(lockoutWindow !== undefined && { lockoutWindowSeconds: wholeSeconds(lockoutWindow) }),
  };
}

/** Rounded up: a window that is taken for shorter than it is would lock somebody. */
const wholeSeconds = (ticks: bigint): number =>
  Math.min(Number((ticks + TICKS_PER_SECOND - 1n) / TICKS_PER_SECOND), MAX_LOCKOUT_WINDOW_SECONDS);

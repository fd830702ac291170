import { errorRow } from "@password-writeback/protocol/errors.ts";
import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { Kind } from "./counters.ts";

/**
 * What an attempt does to the counters: `counts` on, `clears` them, counts as `refused` by the
 * policy, or is `forgotten` as if it had not been made.
 */
export type Consequence = "counts" | "clears" | "refused" | "forgotten";

const FIRST_SERVER_ERROR = 500;

/**
 * The consequence of how an attempt ended. What nobody knows counts: a wrong password may have
 * reached the directory. What failed for the service's own reasons does not: nobody is blocked for
 * a day because a domain controller was down.
 */
export function consequenceOf(
  kind: Kind,
  { status, code = "directoryRefused", directory }: Pick<Verdict, "status" | "code" | "directory">,
): Consequence {
  if (status === "succeeded") return "clears";
  if (status === "unknown") return "counts";
  if (code === "passwordPolicyViolation") return "refused";
  if (kind === "reset") return errorRow(code).status < FIRST_SERVER_ERROR ? "counts" : "forgotten";
  // Whatever a directory answers to a change, it may have seen a wrong password.
  const wasAsked = directory?.resultCode !== undefined && code !== "accountLocked";
  return code === "currentPasswordWrong" || wasAsked ? "counts" : "forgotten";
}

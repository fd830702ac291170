import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { DirectoryError } from "../directory/directoryError.ts";

/** The verdict of a definite failure before any write. */
export function failed({ code, evidence: { server, ...rest } }: DirectoryError): Verdict {
  const directory = server === undefined ? undefined : { server, ...rest };
  return { status: "failed", code, ...(directory && { directory }) };
}

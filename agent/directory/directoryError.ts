import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import type { DirectoryEvidence } from "@password-writeback/protocol/outcome.ts";

/**
 * A definite failure: nothing was written. Carries codes and numbers, never the directory's prose.
 */
export class DirectoryError extends Error {
  override readonly name = "DirectoryError";
  readonly code: ErrorCode;
  readonly evidence: Partial<DirectoryEvidence>;

  constructor(code: ErrorCode, evidence: Partial<DirectoryEvidence> = {}) {
    super(code);
    this.code = code;
    this.evidence = evidence;
  }
}

import type { ErrorCode } from "./errors.ts";

/**
 * Something on the wire is not what it must be. Carries a code of the error table and, at most, a
 * short reason in our own words: never a library's text, which could quote what it parsed.
 */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, reason?: string) {
    super(reason ?? code);
    this.code = code;
  }
}

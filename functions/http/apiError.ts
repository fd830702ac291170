import { type ErrorCode, errorRow } from "@password-writeback/protocol/errors.ts";
import type { Violation } from "@password-writeback/protocol/violation.ts";

interface ApiErrorOptions {
  /** The member, header or parameter that was wrong: its name, never its value. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Rules that a new password broke. */
  readonly violations?: readonly Violation[] | undefined;
  /** For the operator's log. */
  readonly cause?: unknown;
}

/** Ends a call with a row of the error table. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly target: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly violations: readonly Violation[] | undefined;

  constructor(code: ErrorCode | (string & {}), options: ApiErrorOptions = {}) {
    super(code, { cause: options.cause });
    this.code = code;
    this.target = options.target;
    this.headers = options.headers ?? {};
    this.violations = options.violations;
  }

  get status(): number {
    return errorRow(this.code).status;
  }
}

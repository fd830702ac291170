import { type ErrorCode, errorRow } from "@password-writeback/protocol/errors.ts";

interface ApiErrorOptions {
  /** The member, header or parameter that was wrong: its name, never its value. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the operator's log. */
  readonly cause?: unknown;
}

/** Ends a call with a row of the error table. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly target: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode | (string & {}), options: ApiErrorOptions = {}) {
    super(code, { cause: options.cause });
    this.code = code;
    this.target = options.target;
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return errorRow(this.code).status;
  }
}

import { NoResultError, ResultCodeError } from "ldapts";

/** What a directory answered instead of success, without its prose. */
export interface Refusal {
  /** LDAP result code (RFC 4511 appendix A). */
  readonly resultCode: number;
  /** The eight hex digits in front of the diagnostic message, in capitals: a Windows error code. */
  readonly win32?: string;
}

const PREFIX = /^\s*([0-9A-Fa-f]{8})(?![0-9A-Fa-f])/;

/**
 * The refusal inside an error of the LDAP client; undefined where the error is no answer of the
 * directory but a fault of the connection.
 */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof ResultCodeError) || error instanceof NoResultError) return undefined;
  const win32 = PREFIX.exec(error.message)?.[1]?.toUpperCase();
  return { resultCode: error.code, ...(win32 && { win32 }) };
}

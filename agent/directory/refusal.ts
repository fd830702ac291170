import type { DirectoryEvidence } from "@password-writeback/protocol/outcome.ts";
import { NoResultError, ResultCodeError } from "ldapts";
import { sambaDiagnostic, type Told } from "./sambaDiagnostic.ts";

/** What a directory answered instead of success, without its prose. */
export interface Refusal {
  /** LDAP result code (RFC 4511 appendix A). */
  readonly resultCode: number;
  /** The eight hex digits in front of the diagnostic message, in capitals: a Windows error code. */
  readonly win32?: string;
  /** What its prose says for certain, where it is Samba's. */
  readonly told?: Told;
}

const PREFIX = /^\s*([0-9A-Fa-f]{8})(?![0-9A-Fa-f])/;

/**
 * The refusal inside an error of the LDAP client; undefined where the error is no answer of the
 * directory but a fault of the connection.
 */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof ResultCodeError) || error instanceof NoResultError) return undefined;
  const win32 = PREFIX.exec(error.message)?.[1]?.toUpperCase();
  const told = sambaDiagnostic(error.message);
  return { resultCode: error.code, ...(win32 && { win32 }), ...(told && { told }) };
}

/** The part of a refusal that an operator reads. */
export const evidenceOf = ({
  resultCode,
  win32,
}: Refusal): Pick<DirectoryEvidence, "resultCode" | "win32"> => ({
  resultCode,
  ...(win32 !== undefined && { win32 }),
});

const ACCESS_DENIED = "00000005";

/**
 * Whether a modify that did nothing but write `pwdLastSet` was refused for lack of the right
 * Unexpire Password: a control-access right, so not by the code of a write property.
 */
export const lacksUnexpire = ({ win32, told }: Refusal): boolean =>
  win32 === ACCESS_DENIED || (told !== undefined && "lacks" in told);

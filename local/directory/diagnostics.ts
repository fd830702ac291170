import { CODE, LdapFailure } from "./failure.ts";
import { attributeType } from "./schema/attributes.ts";

/*
 * The texts of a Windows domain controller: eight hex digits of a Win32 error, the component that
 * refused, a position in its source (DSID) that differs between builds, and a trailing NUL.
 */

const ATTRIBUTE_PROBLEMS = {
  1001: "NO_ATTRIBUTE_OR_VAL",
  1005: "CONSTRAINT_ATT_TYPE",
  1006: "ATT_OR_VALUE_EXISTS",
} as const;
const UPDATE_PROBLEMS = {
  6001: "NAMING_VIOLATION",
  6002: "OBJ_CLASS_VIOLATION",
  6003: "CANT_ON_NON_LEAF",
  6004: "CANT_ON_RDN",
  6005: "ENTRY_EXISTS",
} as const;

const failure = (code: number, diagnostic: string): LdapFailure =>
  new LdapFailure({ code, diagnostic });

/** Refusals of the LDAP front end. */
export const frontEndFailure = (code: number, win32: string, comment: string, data = "0") =>
  failure(code, `${win32}: LdapErr: DSID-0C090A5C, comment: ${comment}, data ${data}, v4563\0`);

/** `unwillingToPerform` of the directory service. */
export const unwilling = (win32: string): LdapFailure =>
  failure(
    CODE.unwillingToPerform,
    `${win32}: SvcErr: DSID-031A1248, problem 5003 (WILL_NOT_PERFORM), data 0\n\0`,
  );

/** `insufficientAccessRights`: `00000005` for a control-access right, `00002098` for a property. */
export const accessDenied = (win32: "00000005" | "00002098"): LdapFailure =>
  failure(
    CODE.insufficientAccessRights,
    `${win32}: SecErr: DSID-03152D2C, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n\0`,
  );

/** A refusal that names the attribute. */
export function attributeFailure(
  code: number,
  win32: string,
  problem: keyof typeof ATTRIBUTE_PROBLEMS,
  attribute: string,
): LdapFailure {
  const type = attributeType(attribute.toLowerCase());
  const name = `${(type?.id ?? 0).toString(16)} (${type?.name ?? attribute})`;
  const reason = `problem ${problem} (${ATTRIBUTE_PROBLEMS[problem]}), data 0, Att ${name}`;
  const dsid = "DSID-03190F80";
  return failure(code, `${win32}: AtrErr: ${dsid}, #1:\n\t0: ${win32}: ${dsid}, ${reason}\n\0`);
}

/** `constraintViolation` that names the attribute. */
export const constraint = (win32: string, attribute: string): LdapFailure =>
  attributeFailure(CODE.constraintViolation, win32, 1005, attribute);

/** A refusal to change the tree. */
export function updateFailure(
  code: number,
  win32: string,
  problem: keyof typeof UPDATE_PROBLEMS,
): LdapFailure {
  const reason = `problem ${problem} (${UPDATE_PROBLEMS[problem]}), data 0`;
  return failure(code, `${win32}: UpdErr: DSID-031A11E2, ${reason}\n\0`);
}

/** @param bestMatch name of the deepest object above the missing one */
export const noSuchObject = (bestMatch: string): LdapFailure =>
  new LdapFailure({
    code: CODE.noSuchObject,
    matchedDn: bestMatch,
    diagnostic:
      "0000208D: NameErr: DSID-03100238, problem 2001 (NO_OBJECT), data 0, best match of:" +
      `\n\t'${bestMatch}'\n\0`,
  });

export const badName = (dn: string): LdapFailure =>
  failure(
    CODE.invalidDnSyntax,
    "0000208F: NameErr: DSID-03100225, problem 2006 (BAD_NAME), data 8350, best match of:" +
      `\n\t'${dn}'\n\0`,
  );

const accessPoints = (domain: string): string => `1 access points\n\tref 1: '${domain}'`;

/** Other controllers must be asked: of another domain, or writable ones. */
export const otherDomain = (domain: string, dn: string): LdapFailure =>
  new LdapFailure({
    code: CODE.referral,
    diagnostic: `0000202B: RefErr: DSID-0310082F, data 0, ${accessPoints(domain)}\n\0`,
    referrals: [`ldaps://${domain}/${encodeURI(dn)}`],
  });

/** `invalidCredentials` with the reason in `data` (`active-directory` error list of 49). */
export const credentialsRefused = (data: string): LdapFailure =>
  failure(
    CODE.invalidCredentials,
    "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, " +
      `data ${data}, v4563\0`,
  );

export const notBound = (): LdapFailure =>
  frontEndFailure(
    CODE.operationsError,
    "000004DC",
    "In order to perform this operation a successful bind must be completed on the connection.",
  );

export const controlRefused = (): LdapFailure =>
  frontEndFailure(CODE.unavailableCriticalExtension, "00000057", "Error processing control");

/** The schema has no such attribute. */
export const unknownAttribute = (): LdapFailure =>
  frontEndFailure(CODE.noSuchAttribute, "00000057", "Error in attribute conversion operation");

export const invalidValue = (): LdapFailure =>
  frontEndFailure(
    CODE.invalidAttributeSyntax,
    "00000057",
    "Error in attribute conversion operation",
  );

/** A value that the account database does not take. */
export const invalidArgument = (): LdapFailure =>
  failure(CODE.other, "00000057: SysErr: DSID-031A11F0, problem 22 (Invalid argument), data 0\n\0");

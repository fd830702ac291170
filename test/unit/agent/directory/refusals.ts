import { UnknownStatusCodeError } from "ldapts";
import type { WriteOperation } from "../../../../agent/directory/changes.ts";
import { type Refusal, refusalOf } from "../../../../agent/directory/refusal.ts";
import type { ErrorCode } from "../../../../protocol/errors.ts";

/** A directory's answer as the client library gives it: the text, and the code at its end. */
export function answer(code: number, text: string): Refusal {
  const refusal = refusalOf(
    new UnknownStatusCodeError(code, `${text} Code: 0x${code.toString(16)}`),
  );
  if (!refusal) throw new Error("an answer with a result code is a refusal");
  return refusal;
}

export const service = (win32: string) =>
  `${win32}: SvcErr: DSID-031A1248, problem 5003 (WILL_NOT_PERFORM), data 0\n\0`;
const attribute = (win32: string, name: string) =>
  `${win32}: AtrErr: DSID-03190F80, #1:\n\t0: ${win32}: DSID-03190F80, problem 1005 ` +
  `(CONSTRAINT_ATT_TYPE), data 0, Att 9005a (${name})\n\0`;
const security = (win32: string) =>
  `${win32}: SecErr: DSID-03152D2C, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n\0`;
export const byPolicy = (word: string, rule: string) =>
  `0000052D: ${word} - check_password_restrictions: ${rule}`;
export const SHORT = "the password is too short. It should be equal or longer than 8 characters!";
const ACL = "error in module acl: insufficient access rights during LDB_MODIFY (50)";
const STALE =
  "00002085: setup_last_set_field: old pwdLastSet value not found! at " +
  "../../source4/dsdb/samdb/ldb_modules/password_hash.c:2379:setup_last_set_field";

type Row = readonly [
  row: string,
  operation: WriteOperation,
  resultCode: number,
  text: string,
  code: ErrorCode,
];

/** What each way of writing a password is refused with: a row per dialect. */
export const PASSWORD: readonly Row[] = [
  ["reset violates policy, Windows", "reset", 53, service("0000052D"), "passwordPolicyViolation"],
  [
    "reset violates policy, Samba 4.17",
    "reset",
    19,
    byPolicy("Constraint violation", SHORT),
    "passwordPolicyViolation",
  ],
  [
    "reset violates policy, Samba 4.24",
    "reset",
    53,
    byPolicy("Unwilling to perform", SHORT),
    "passwordPolicyViolation",
  ],
  [
    "change violates policy, Windows",
    "change",
    19,
    attribute("0000052D", "unicodePwd"),
    "passwordPolicyViolation",
  ],
  [
    "change violates policy, Samba",
    "change",
    19,
    byPolicy("Constraint violation", SHORT),
    "passwordPolicyViolation",
  ],
  [
    "change, wrong old password, Windows",
    "change",
    19,
    attribute("00000056", "unicodePwd"),
    "currentPasswordWrong",
  ],
  [
    "change, wrong old password, Windows 2008",
    "change",
    19,
    attribute("0000056A", "unicodePwd"),
    "currentPasswordWrong",
  ],
  [
    "change, wrong old password, Samba",
    "change",
    19,
    "00000056: Constraint violation - check_password_restrictions: " +
      "The old password specified doesn't match!",
    "currentPasswordWrong",
  ],
  [
    "change while locked, Windows",
    "change",
    19,
    attribute("00000775", "unicodePwd"),
    "accountLocked",
  ],
  [
    "change while locked, Samba",
    "change",
    19,
    "00000775: Password change not permitted, account locked out! at password_hash.c:2800",
    "accountLocked",
  ],
  ["reset without right, Windows", "reset", 50, security("00000005"), "agentLacksResetPassword"],
  ["reset without right, Samba", "reset", 50, ACL, "agentLacksResetPassword"],
  [
    "change without right (deny entries), Windows",
    "change",
    19,
    attribute("00000005", "unicodePwd"),
    "changeNotAllowed",
  ],
  [
    "change without right (deny entries), Samba",
    "change",
    19,
    "error in module acl: Constraint violation during LDB_MODIFY (19)",
    "changeNotAllowed",
  ],
  ["change without right, 50 without prefix", "change", 50, ACL, "changeNotAllowed"],
  ["not encrypted, both", "reset", 53, service("0000001F"), "directoryRefused"],
  [
    "value not quoted UTF-16LE, Samba",
    "reset",
    53,
    "00002035: setup_io: it's not allowed to set the NT hash password directly'",
    "directoryRefused",
  ],
  [
    "add on an existing value, Windows",
    "change",
    19,
    attribute("00002081", "unicodePwd"),
    "directoryRefused",
  ],
  ["malformed pair, Samba", "change", 53, "00002035: setup_io: no", "directoryRefused"],
  [
    "illegal modification of a SAM attribute, both",
    "reset",
    53,
    service("00002077"),
    "directoryRefused",
  ],
  [
    "control unsupported, Windows with prefix",
    "reset",
    12,
    "00000057: LdapErr: DSID-0C090A5C, comment: Error processing control, data 0, v4563\0",
    "directoryCannotEnforcePolicy",
  ],
  ["control unsupported, empty (Samba)", "reset", 12, "", "directoryCannotEnforcePolicy"],
  ["control unsupported where none was sent", "unlock", 12, "", "directoryRefused"],
  [
    "pwdLastSet precondition failed, Windows",
    "reset",
    16,
    attribute("00002085", "pwdLastSet"),
    "superseded",
  ],
  ["pwdLastSet precondition failed, Samba", "change", 16, STALE, "superseded"],
  ["pwdLastSet precondition failed, no prefix", "requireChange", 16, "", "superseded"],
  [
    "unknown or deleted object, Windows",
    "reset",
    32,
    "0000208D: NameErr: DSID-03100238, problem 2001 (NO_OBJECT), data 0, best match of:",
    "directoryUserNotFound",
  ],
  [
    "unknown or deleted object, Samba",
    "reset",
    32,
    "00002030: No such Base DN: <GUID=…>",
    "directoryUserNotFound",
  ],
  ["unknown or deleted object, no prefix", "unlock", 32, "", "directoryUserNotFound"],
  [
    "wrong domain or read-only, Windows",
    "reset",
    10,
    "0000202B: RefErr: DSID-0310082F, data 0, 1 access points",
    "directoryReferral",
  ],
  ["read-only, no prefix", "unlock", 10, "", "directoryReferral"],
  ["wrong domain, Samba", "reset", 32, "00002030: No such Base DN", "directoryUserNotFound"],
  [
    "base not covered and no referral, 32",
    "reset",
    32,
    "000020D6: NameErr: no superior reference",
    "directoryRefused",
  ],
  [
    "base not covered and no referral, 1",
    "reset",
    1,
    "000020D6: NameErr: no superior reference",
    "directoryRefused",
  ],
  [
    "connection not authenticated, Windows",
    "reset",
    1,
    "000004DC: LdapErr: DSID-0C090A5C, comment: a successful bind must be completed",
    "directoryUnreachable",
  ],
  [
    "connection not authenticated, Samba",
    "reset",
    1,
    "00002020: Operation unavailable without authentication",
    "directoryUnreachable",
  ],
  ["connection not authenticated, no prefix", "reset", 1, "", "directoryUnreachable"],
  ["busy", "change", 51, "0000200E: SvcErr: DSID-0, problem 5001 (BUSY)", "directoryUnreachable"],
  ["busy, no prefix", "reset", 51, "", "directoryUnreachable"],
  ["unavailable", "change", 52, "0000200F: SvcErr: problem 5002", "directoryUnreachable"],
  ["unavailable, no prefix", "unlock", 52, "", "directoryUnreachable"],
  ["shutting down", "reset", 52, "000020AC: SvcErr: problem 5002", "directoryUnreachable"],
  ["role owner unverified, 53", "reset", 53, service("000021A2"), "directoryUnreachable"],
  ["role owner unverified, 1", "reset", 1, "000021A2: SvcErr", "directoryUnreachable"],
  ["privilege not held, 53", "reset", 53, service("00000522"), "agentLacksRight"],
  ["privilege not held, 50", "unlock", 50, security("00000522"), "agentLacksRight"],
];

/** What writing `lockoutTime` and `pwdLastSet` is refused with. */
export const ATTRIBUTES: readonly Row[] = [
  [
    "no right to write lockoutTime, Windows",
    "unlock",
    50,
    security("00002098"),
    "agentLacksWriteLockoutTime",
  ],
  [
    "no right to write lockoutTime, Samba",
    "unlock",
    50,
    "00002098: Object CN=x has no write property access\n",
    "agentLacksWriteLockoutTime",
  ],
  [
    "no right to write pwdLastSet, Windows",
    "requireChange",
    50,
    security("00002098"),
    "agentLacksWritePwdLastSet",
  ],
  [
    "no right to write pwdLastSet, Samba",
    "requireChange",
    50,
    "00002098: Object CN=x has no write property access\n",
    "agentLacksWritePwdLastSet",
  ],
  [
    "no right to write pwdLastSet in a change",
    "change",
    50,
    security("00002098"),
    "agentLacksWritePwdLastSet",
  ],
  ["lockoutTime deleted", "unlock", 53, service("00002077"), "directoryRefused"],
  [
    "pwdLastSet other than 0 or -1",
    "requireChange",
    80,
    "00000057: setup_last_set_field: pwdLastSet must be 0 or -1 only! at password_hash.c",
    "directoryRefused",
  ],
  ["pwdLastSet deleted, with prefix", "requireChange", 53, service("00002077"), "directoryRefused"],
  ["pwdLastSet deleted, no prefix", "requireChange", 53, "", "directoryRefused"],
  ...(["reset", "change"] as const).map(
    (operation): Row => [
      `pwdLastSet -1 without Unexpire-Password in a ${operation}, Samba`,
      operation,
      50,
      "Failed to modify CN=x: Setting pwdLastSet to -1 requires the Unexpire-Password right that " +
        "was not given on the Domain object",
      "agentLacksUnexpirePassword",
    ],
  ),
];

/** Answers that no table knows. */
export const ELSE: readonly Row[] = [
  ["a wrong old password where none was sent", "reset", 19, "00000056: AtrErr", "directoryRefused"],
  ["a code that nobody has heard of", "reset", 53, "DEADBEEF: SvcErr", "directoryRefused"],
  ["nothing but a result code", "reset", 53, "", "directoryRefused"],
  ["nine digits are no prefix", "reset", 53, "0000052D1: no", "directoryRefused"],
];

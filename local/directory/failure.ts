import type { Result } from "./wire/response.ts";

/** LDAP result codes (RFC 4511 §4.1.9) that this directory answers with. */
export const CODE = {
  operationsError: 1,
  protocolError: 2,
  sizeLimitExceeded: 4,
  authMethodNotSupported: 7,
  referral: 10,
  unavailableCriticalExtension: 12,
  noSuchAttribute: 16,
  inappropriateMatching: 18,
  constraintViolation: 19,
  attributeOrValueExists: 20,
  invalidAttributeSyntax: 21,
  noSuchObject: 32,
  invalidDnSyntax: 34,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  unwillingToPerform: 53,
  namingViolation: 64,
  objectClassViolation: 65,
  notAllowedOnNonLeaf: 66,
  notAllowedOnRdn: 67,
  entryAlreadyExists: 68,
  other: 80,
} as const;

/** Ends an operation with a result other than success; nothing of it may have been written. */
export class LdapFailure extends Error {
  override readonly name = "LdapFailure";
  readonly result: Result;

  constructor(result: Result) {
    super(`result ${result.code}`);
    this.result = result;
  }
}

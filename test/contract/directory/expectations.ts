import type { Refusal } from "./refusal.ts";

/**
 * Where directories differ and are right to. What is not named here is the same on all of them.
 * Windows: `[MS-ADTS]`, `[MS-ERREF]` and what has been seen of real servers.
 */
export interface DirectoryExpectations {
  /** Advertises and honours the policy-hints controls. */
  readonly policyHints: boolean;
  /** Result code of a reset that the policy refuses; that of a change is always 19. */
  readonly resetPolicyCode: 19 | 53;
  /** A reset with policy hints may demand a change at the next logon in the same modify. */
  readonly hintsWithMustChange: boolean;
  /** Passwords that contain the account's name are not complex. */
  readonly refusesNameInPassword: boolean;
  /** Returns no more entries than a search wants; ldapts keeps the code (4) to itself. */
  readonly honoursSizeLimit: boolean;
  /** `vendorName` of the root entry; empty where there is none. */
  readonly vendorName: RegExp;
  /** Data code of a bind as someone who does not exist. */
  readonly unknownUser: string;
  /** AdminSDHolder lets everybody change a password that they know. */
  readonly ownersOfProtectedMayChange: boolean;
  /** A reset by somebody without Unexpire Password stores a password that must be changed. */
  readonly resetExpiresWithoutUnexpire: boolean;
  readonly resetWithoutRight: Refusal;
  /** A change that an entry of the account's access control list denies. */
  readonly changeForbidden: Refusal;
  /** `pwdLastSet` -1 by somebody without Unexpire Password. */
  readonly unexpireMissing: Refusal;
  readonly malformedPassword: Refusal;
  /** A password added to the one there is, with none deleted. */
  readonly addedPassword: Refusal;
  readonly noSuchObject: Refusal;
  readonly unavailableControl: Refusal;
  readonly notBound: Refusal;
}

/** Windows Server 2016 and later, which the simulated directory speaks like. */
export const WINDOWS: DirectoryExpectations = {
  policyHints: true,
  resetPolicyCode: 53,
  hintsWithMustChange: true,
  refusesNameInPassword: true,
  honoursSizeLimit: true,
  vendorName: /^$/,
  unknownUser: "525",
  ownersOfProtectedMayChange: true,
  resetExpiresWithoutUnexpire: true,
  resetWithoutRight: { code: 50, win32: "00000005" },
  changeForbidden: { code: 19, win32: "00000005" },
  unexpireMissing: { code: 50, win32: "00000005" },
  malformedPassword: { code: 53, win32: "0000001F" },
  addedPassword: { code: 19, win32: "00002081" },
  noSuchObject: { code: 32, win32: "0000208D" },
  unavailableControl: { code: 12, win32: "00000057" },
  notBound: { code: 1, win32: "000004DC" },
};

/** The first Samba with policy hints. It takes them to forbid a must-change flag in one modify. */
export const SAMBA_424: DirectoryExpectations = {
  policyHints: true,
  resetPolicyCode: 53,
  hintsWithMustChange: false,
  refusesNameInPassword: false,
  honoursSizeLimit: false,
  vendorName: /Samba/,
  unknownUser: "52e",
  ownersOfProtectedMayChange: false,
  resetExpiresWithoutUnexpire: false,
  resetWithoutRight: { code: 50 },
  changeForbidden: { code: 19 },
  unexpireMissing: { code: 50 },
  malformedPassword: { code: 53, win32: "00002035" },
  addedPassword: { code: 53, win32: "00002035" },
  noSuchObject: { code: 32, win32: "00002030" },
  unavailableControl: { code: 12 },
  notBound: { code: 1, win32: "00002020" },
};

/** A directory without policy hints. */
export const SAMBA_417: DirectoryExpectations = {
  ...SAMBA_424,
  policyHints: false,
  resetPolicyCode: 19,
};

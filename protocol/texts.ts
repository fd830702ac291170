import type { Violation } from "./violation.ts";

/** The sentences a person may read, by key. Whole sentences, so that they can be translated. */
export const TEXTS = {
  requestRefused: "The request is not valid.",
  passwordUnusable: "This password cannot be used. Choose another one.",
  signInAgain: "Sign in again.",
  notAllowed: "You are not allowed to do this.",
  ownAccount: "Administrators cannot reset their own password here. Change it instead.",
  inProgress: "Another operation on this account is still in progress. Try again in a minute.",
  proveAgain: "The proof of identity is too old. Prove your identity again.",
  stepUp: "Confirm once more who you are.",
  stepUpNotPossible:
    "This needs a stronger sign-in, which this application cannot ask for. Use another one.",
  notOnPremises: "The password of this account is not kept on-premises.",
  contactAdministrator: "This cannot be done now. Contact your administrator.",
  tooMany: "Too many requests. Try again in a minute.",
  unavailable: "The service cannot reach your organization's directory. Try again later.",
  outcomeUnknown:
    "It is not known yet whether this was done. If it was a new password, try to sign in with it.",
  unexpected: "Something went wrong. Try again later.",
  passwordRefused: "Your organization's password policy does not allow this password.",
  currentPasswordWrong: "The current password is not correct.",
  accountLocked: "The account is locked.",
  changeNotAllowed: "Your organization does not allow you to change this password.",
  temporaryOnly: "Passwords that administrators set must be changed at the next sign-in.",
  readAgain: "It was changed by somebody else in the meantime. Read it again.",
  superseded: "The password was changed by somebody else in the meantime.",
} as const;

export type TextKey = keyof typeof TEXTS;

/** What a person reads of each rule; `{name}` stands for a member of the violation. */
export const VIOLATION_TEXTS: Readonly<Record<Violation["code"], string>> = {
  tooShort: "The password is too short. Use at least {minimum} characters.",
  notComplex:
    "The password is too simple. Use three of these: capital letters, small letters, digits, symbols.",
  containsName: "The password must not contain your name or the name of your account.",
  tooSoon: "The password was changed not long ago. It can be changed again from {earliest} on.",
  sameAsCurrent: "The new password must not be the current one.",
  inHistory: "The password was used before. The last {remembered} passwords cannot be used again.",
  filtered: "The password is not allowed by another rule of your organization.",
  unknown: "The password breaks a rule of your organization that cannot be named.",
};

/** The same where either rule may have said no, and nobody can tell which. */
export const POSSIBLE_VIOLATION_TEXTS: Partial<Readonly<Record<Violation["code"], string>>> = {
  inHistory: "The password may have been used before. The last {remembered} cannot be used again.",
  filtered: "The password may not be allowed by another rule of your organization.",
};

import type { TextKey } from "./texts.ts";

/** Who can do something about an error. */
export type Audience = "user" | "operator" | "system";

export interface ErrorRow {
  readonly audience: Audience;
  /** HTTP status. 503 stands only where nothing was sent; never 429, 503, 504 for `unknown`. */
  readonly status: number;
  /** Whether the same request may succeed later, without anybody changing anything. */
  readonly retry: boolean;
  /** The sentence a person may read. */
  readonly text: TextKey;
  /** Whether the code may stand in telemetry beside a person's name. */
  readonly telemetrySafe: boolean;
  /** Stable id for logs. 401xx caller, 402xx service, 403xx directory, 404xx messages. */
  readonly event: number;
  /** The id that Microsoft's product logs for the same cause, where it has one. */
  readonly microsoft?: number;
  /** The code that Microsoft's self-service page shows for the same cause, where it has one. */
  readonly sspr?: `SSPR_${number}`;
}

const user = (status: number, event: number, text: TextKey, more: Partial<ErrorRow> = {}) =>
  row({ audience: "user", status, event, text, ...more });
const operator = (status: number, event: number, text: TextKey, more: Partial<ErrorRow> = {}) =>
  row({ audience: "operator", status, event, text, ...more });
const system = (status: number, event: number, text: TextKey, more: Partial<ErrorRow> = {}) =>
  row({ audience: "system", status, event, text, ...more });
const row = (
  given: Pick<ErrorRow, "audience" | "status" | "event" | "text"> & Partial<ErrorRow>,
): ErrorRow => ({ retry: false, telemetrySafe: true, ...given });

/** What Microsoft says of every right that is missing. */
const LACKS_RIGHT = { microsoft: 33004, sspr: "SSPR_0029" } as const;

/**
 * Every error of both halves. The code is the contract: it is never renamed. `docs/errors.md` is
 * written from this table (`npm run docs`).
 */
export const ERRORS = {
  invalidRequest: system(400, 40101, "requestRefused"),
  bodyMissing: system(400, 40102, "requestRefused"),
  bodyTooLarge: system(413, 40103, "requestRefused"),
  passwordUnusable: user(400, 40104, "passwordUnusable"),
  unauthenticated: system(401, 40105, "signInAgain"),
  accessDenied: system(403, 40106, "notAllowed"),
  ownAccount: user(403, 40107, "ownAccount"),
  operationNotFound: system(404, 40109, "requestRefused"),
  operationInProgress: user(409, 40110, "inProgress", { retry: true }),
  idempotencyKeyReused: system(422, 40111, "requestRefused"),
  proofTooOld: user(403, 40112, "proveAgain"),
  resetLimitReached: user(429, 40150, "contactAdministrator"),
  changeLimitReached: user(429, 40151, "contactAdministrator"),
  tooManyRequests: user(429, 40152, "tooMany", { retry: true }),
  userNotFound: operator(404, 40113, "contactAdministrator", { microsoft: 33002 }),
  userNotSynchronized: operator(409, 40114, "notOnPremises"),
  userWithoutAnchor: operator(409, 40115, "contactAdministrator"),
  domainWithoutConnector: operator(409, 40116, "contactAdministrator"),
  trustListRefused: operator(400, 40160, "requestRefused"),
  trustListSuperseded: operator(409, 40161, "requestRefused"),
  trustListNotFound: operator(404, 40162, "requestRefused"),
  insufficientRole: user(403, 40130, "notAllowed"),
  targetHoldsRole: operator(403, 40131, "contactAdministrator"),
  automationOff: operator(403, 40132, "notAllowed"),
  automationOutOfGroup: operator(403, 40133, "notAllowed"),
  managementRestricted: operator(403, 40134, "contactAdministrator"),
  writebackDisabled: operator(403, 40140, "contactAdministrator", { sspr: "SSPR_0010" }),
  unlockDisabled: operator(403, 40141, "contactAdministrator"),
  selfServiceDisabled: operator(403, 40142, "contactAdministrator", { sspr: "SSPR_0009" }),
  userNotInScope: operator(403, 40143, "contactAdministrator", { sspr: "SSPR_0013" }),
  userExcluded: operator(403, 40144, "contactAdministrator", { sspr: "SSPR_0013" }),
  userNotLicensed: operator(403, 40145, "contactAdministrator", { sspr: "SSPR_0012" }),
  adminResetDisabled: operator(403, 40146, "notAllowed"),
  mustChangeRequired: user(403, 40147, "temporaryOnly"),
  settingsChanged: operator(412, 40148, "readAgain"),
  groupUnusable: operator(400, 40149, "requestRefused"),
  agentKeyExpired: operator(403, 40170, "notAllowed"),
  stepUpRequired: user(401, 40120, "stepUp"),
  stepUpNotPossible: user(403, 40121, "stepUpNotPossible"),
  stepUpNotConfigured: operator(403, 40122, "contactAdministrator"),

  noLiveAgent: operator(503, 40201, "unavailable", { retry: true, sspr: "SSPR_0030" }),
  relayUnavailable: operator(503, 40202, "unavailable", { retry: true, microsoft: 32002 }),
  userFactsUnavailable: operator(503, 40203, "unavailable", { retry: true }),
  recordsUnavailable: operator(503, 40204, "unavailable", { retry: true }),
  trustListUnavailable: operator(503, 40205, "unavailable", { retry: true }),
  settingsUnusable: operator(503, 40240, "unavailable", { retry: true }),
  signingUnavailable: operator(503, 40206, "unavailable", { retry: true }),
  writesStopped: operator(503, 40220, "unavailable", { retry: true }),
  outcomeUnknown: user(500, 40207, "outcomeUnknown"),
  agentSilent: operator(502, 40210, "unavailable", { retry: true, sspr: "SSPR_0030" }),
  signInKeysUnavailable: operator(503, 40209, "unavailable", { retry: true }),
  internalError: system(500, 40208, "unexpected", { microsoft: 32000 }),

  passwordPolicyViolation: user(400, 40301, "passwordRefused", { microsoft: 33008 }),
  currentPasswordWrong: user(400, 40302, "currentPasswordWrong", { microsoft: 33007 }),
  accountLocked: user(423, 40303, "accountLocked", { microsoft: 33006 }),
  changeNotAllowed: user(403, 40304, "changeNotAllowed", { microsoft: 33008 }),
  superseded: user(409, 40305, "superseded"),
  directoryUserNotFound: operator(404, 40306, "contactAdministrator", { microsoft: 33002 }),
  directoryUserAmbiguous: operator(409, 40307, "contactAdministrator", { microsoft: 33003 }),
  directoryUserMismatch: operator(409, 40308, "contactAdministrator"),
  agentLacksRight: operator(502, 40309, "contactAdministrator", LACKS_RIGHT),
  directoryCannotEnforcePolicy: operator(502, 40310, "contactAdministrator"),
  directoryUnreachable: operator(502, 40311, "unavailable", { retry: true }),
  directoryRefused: operator(502, 40312, "contactAdministrator", { microsoft: 33001 }),
  requestExpired: system(502, 40313, "unavailable", { retry: true }),
  canaryMissing: operator(502, 40314, "contactAdministrator"),
  agentLacksResetPassword: operator(502, 40318, "contactAdministrator", LACKS_RIGHT),
  agentLacksWritePwdLastSet: operator(502, 40319, "contactAdministrator", LACKS_RIGHT),
  agentLacksWriteLockoutTime: operator(502, 40320, "contactAdministrator", LACKS_RIGHT),
  agentLacksUnexpirePassword: operator(502, 40321, "contactAdministrator", LACKS_RIGHT),
  agentLacksReadPwdLastSet: operator(502, 40322, "contactAdministrator", LACKS_RIGHT),
  protectionUnknown: operator(403, 40330, "contactAdministrator"),
  accountOfTheAgent: operator(403, 40331, "contactAdministrator"),
  accountOfSynchronisation: operator(403, 40332, "contactAdministrator"),
  accountProtected: operator(403, 40333, "contactAdministrator", { sspr: "SSPR_0029" }),
  accountNotPerson: operator(403, 40334, "contactAdministrator"),
  accountTrust: operator(403, 40335, "contactAdministrator"),
  accountOutOfScope: operator(403, 40336, "contactAdministrator"),
  accountInProtectedUsers: operator(403, 40337, "contactAdministrator"),
  accountStaleProtection: operator(403, 40338, "contactAdministrator"),
  accountIsService: operator(403, 40339, "contactAdministrator"),
  accountSmartcardOnly: operator(403, 40340, "contactAdministrator"),
  accountTrustedForDelegation: operator(403, 40341, "contactAdministrator"),
  accountDisabled: operator(403, 40342, "contactAdministrator"),
  accountExpired: operator(403, 40343, "contactAdministrator"),
  accountPasswordNotRequired: operator(403, 40344, "contactAdministrator"),
  accountNeverExpires: operator(403, 40345, "contactAdministrator"),
  directoryReferral: operator(502, 40351, "contactAdministrator"),
  directoryNotWritable: operator(502, 40352, "unavailable", { retry: true }),
  secretUnusable: operator(502, 40353, "unavailable", { retry: true }),
  journalUnavailable: operator(502, 40317, "unavailable", { retry: true }),
  agentNotTrusted: operator(502, 40315, "unavailable", { retry: true }),

  envelopeMalformed: operator(502, 40401, "unavailable", { microsoft: 32004 }),
  envelopeTooLarge: operator(502, 40402, "unavailable"),
  envelopeNotForThisAgent: operator(502, 40403, "unavailable"),
  requestVersionUnsupported: operator(502, 40404, "unavailable"),
  requestSignatureInvalid: operator(502, 40405, "unavailable"),
  requestAudienceWrong: operator(502, 40406, "unavailable"),
  requestFromFuture: operator(502, 40407, "unavailable"),
  requestRepeated: operator(502, 40408, "unavailable"),
  certificateInvalid: operator(502, 40409, "unavailable"),
  trustListInvalid: operator(502, 40410, "unavailable"),
  trustListOutdated: operator(502, 40411, "unavailable"),
  heartbeatAnswerInvalid: operator(502, 40412, "unavailable"),
  replyInvalid: operator(502, 40413, "unavailable"),
  agentNotListed: operator(403, 40414, "notAllowed"),
  enrolmentInvalid: operator(400, 40420, "requestRefused"),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** The row of a code; a code of a newer peer reads as `directoryRefused`. */
export const errorRow = (code: string): ErrorRow =>
  isErrorCode(code) ? ERRORS[code] : ERRORS.directoryRefused;

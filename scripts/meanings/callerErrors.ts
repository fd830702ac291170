import type { ErrorCode } from "../../protocol/errors.ts";
import type { Meaning } from "./meaning.ts";

/** What the caller, or the tenant about the caller, has wrong: 401xx. */
export const CALLER_ERRORS = {
  invalidRequest: {
    means: "The body, a header or a parameter is not what the route takes; `target` names it.",
    action: "Correct the client.",
  },
  bodyMissing: {
    means: "There was no body, or it was sent in chunks, which the Functions host drops.",
    action: "Send the body with `Content-Length`.",
  },
  bodyTooLarge: { means: "The body is larger than 16 KiB.", action: "Correct the client." },
  passwordUnusable: {
    means: "A password is empty, longer than 256 UTF-16 units, or has NUL or a lone surrogate.",
    action: "Choose another password.",
  },
  unauthenticated: {
    means: "The access token is missing, expired, or not one for this API.",
    action: "Get a new token for this API; v2 tokens of the configured tenant only.",
  },
  accessDenied: {
    means: "The token is good, but lacks the scope or app role of the route.",
    action: "Grant the permission, or call the route that is meant for this caller.",
  },
  ownAccount: {
    means: "An administrator's route was used on the administrator's own account.",
    action: "Change the own password instead.",
  },
  insufficientRole: {
    means:
      "No Entra role of the administrator may help somebody who holds what this person holds, or " +
      "the administrator's account is disabled.",
    action:
      "Let an administrator do it whom [the matrix](administrators.md) names; roles over a part " +
      "of the tenant do not count.",
  },
  targetHoldsRole: {
    means: "The person holds an Entra role: self-service, portals and automation may not help.",
    action: "Let an administrator do it, or set `SELF_SERVICE_FOR_ROLE_HOLDERS` (not automation).",
  },
  automationOff: {
    means: "A program called without a person, and the service has no automation.",
    action: "If it should have: set `AUTOMATION_GROUP_ID` ([automation](administrators.md)).",
  },
  automationOutOfGroup: {
    means: "Automation was used on somebody outside the one group that it may help.",
    action: "Add the person to that group, if that is meant.",
  },
  managementRestricted: {
    means: "The person is in an administrative unit with restricted management.",
    action: "Take the person out of the unit; no role over the whole tenant may help there.",
  },
  operationNotFound: {
    means: "There is no such operation, or it is somebody else's.",
    action: "Use the `Location` of the answer that started it.",
  },
  operationInProgress: {
    means: "An earlier operation of this person on their own account is not resolved yet.",
    action: "Wait for it, at most a minute and a half.",
  },
  idempotencyKeyReused: {
    means: "The `Idempotency-Key` belongs to another operation or person.",
    action: "Use a new key for each thing that is to be done.",
  },
  proofTooOld: {
    means: "The proof of identity is older than allowed, or lies in the future.",
    action: "Prove the identity again; check the portal's clock.",
  },
  stepUpRequired: {
    means:
      "The route asks for a stronger sign-in; `WWW-Authenticate` carries the claims challenge.",
    action: "None: the client signs in again with the claims, and repeats the call.",
  },
  stepUpNotPossible: {
    means:
      "The route asks for a stronger sign-in, and the client did not say that it understands claims challenges.",
    action: "Let the client declare the capability `cp1` (`docs/access.md`).",
  },
  stepUpNotConfigured: {
    means: "The route always asks for a stronger sign-in, and no authentication context is set.",
    action: "Set `STEP_UP_CONTEXT` (`docs/access.md`).",
  },
  resetLimitReached: {
    means:
      "As many resets and unlocks of the account failed within an hour as may, or the policy " +
      "refused too many new passwords. Nothing was sent. `Retry-After` says for how long.",
    action: "Help the person, by a reset for instance, or `POST /v1.0/users/{id}/unblock`.",
  },
  changeLimitReached: {
    means:
      "As many wrong current passwords were sent as may be without the directory's locking the " +
      "account, or the policy refused too many new passwords. Nothing was sent.",
    action: "Wait as long as `Retry-After` says, or reset the password instead.",
  },
  tooManyRequests: {
    means: "One person, or one address, calls more often than the settings allow.",
    action: "Wait as long as `Retry-After` says; see the settings `RATE_…`.",
  },
  userNotFound: { means: "Microsoft Graph knows no such user.", action: "Check the id or UPN." },
  userNotSynchronized: {
    means: "The account exists only in the cloud.",
    action: "Change its password in the cloud.",
  },
  userWithoutAnchor: {
    means: "The synchronised account has no source anchor of 16 bytes.",
    action: "Check the source anchor attribute of the synchronisation.",
  },
  domainWithoutConnector: {
    means: "No connector serves the account's on-premises domain.",
    action: "Add the domain to a connector in the setting `CONNECTORS`.",
  },
  writebackDisabled: {
    means: "The tenant's settings have password writeback turned off: nobody's is written.",
    action: "Turn on `features.passwordWritebackEnabled` (`docs/tenantSettings.md`).",
  },
  unlockDisabled: {
    means: "People may not unlock accounts without resetting the password.",
    action: "Reset it, which unlocks too; or turn on `features.accountUnlockEnabled`.",
  },
  selfServiceDisabled: {
    means: "Self-service is turned off for the whole tenant.",
    action: "Set `selfService.scope` to `selected` or `all`.",
  },
  userNotInScope: {
    means: "The person is in none of the groups that self-service is for.",
    action: "Add the person to a group of `selfService.includeGroups`.",
  },
  userExcluded: {
    means: "The person is in a group that is excluded from self-service.",
    action: "Look at `selfService.excludeGroups`, and at the groups within these.",
  },
  userNotLicensed: {
    means: "The person has none of the service plans that the tenant's settings ask for.",
    action: "Assign a licence, or look at `selfService.servicePlans`.",
  },
  adminResetDisabled: {
    means: "The tenant's settings forbid resets by administrators.",
    action: "Turn on `administrators.passwordResetEnabled`, or let the person reset it.",
  },
  mustChangeRequired: {
    means: "An administrator asked for a lasting password, and the tenant allows temporary ones.",
    action: "Leave out `requireChangeOnNextSignIn`, or see `administrators.mustChangeRequired`.",
  },
  groupUnusable: {
    means: "Microsoft Graph knows no such group, or hides who is in it; `target` says where it is.",
    action: "Correct the id; take a group whose members are not hidden.",
  },
  settingsChanged: {
    means: "The settings are no longer those that `If-Match` names. Nothing was changed.",
    action: "Read them, decide again, and send the change with the new `ETag`.",
  },
} as const satisfies Partial<Record<ErrorCode, Meaning>>;

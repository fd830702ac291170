import type { ErrorCode } from "../protocol/errors.ts";

/** What an operator reads about a code: what has happened, and what to do about it. */
export interface Meaning {
  readonly means: string;
  readonly action: string;
}

const REPORT = "Report it with the `request-id`.";
/** Class `user`, and the rights by the GUIDs that they have in every language. */
const USER = "bf967aba-0de6-11d0-a285-00aa003049e2";
const RIGHT = {
  resetPassword: "00299570-246d-11d0-a768-00aa006e0529",
  unexpirePassword: "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501",
  pwdLastSet: "bf967a0a-0de6-11d0-a285-00aa003049e2",
  lockoutTime: "28630ebf-41d5-11d1-a9c1-0000f80367c1",
} as const;
const OU = "OU=Staff,DC=contoso,DC=com";
const HEAD = "DC=contoso,DC=com";

/**
 * What an administrator types to grant a right, on Windows and on Samba. `SID` stands for that of
 * the agent's account.
 */
const grant = (dn: string, windows: string, samba: string): string =>
  `Windows: \`dsacls "${dn}" ${windows}\`. ` +
  `Samba: \`samba-tool dsacl set --objectdn="${dn}" --sddl="${samba}"\`.`;
const grantOnUsers = (right: string, mask: string, guid: string): string =>
  grant(
    OU,
    `/I:S /G "CONTOSO\\svc-writeback:${right};user"`,
    `(OA;CIIO;${mask};${guid};${USER};SID)`,
  );
const MIND = "Mind blocked inheritance and protected accounts.";
const LOGS = "Look for the tracking id in the agent's log.";

/** One entry per code; the type holds it complete. */
export const MEANINGS: Readonly<Record<ErrorCode, Meaning>> = {
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
    means: "No Entra role of the administrator may help somebody who holds what this person holds.",
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

  noLiveAgent: {
    means: "No agent of the connector was heard within 75 seconds. Nothing was sent.",
    action: "Start the agent, or look at why it is not listening.",
  },
  relayUnavailable: {
    means: "Service Bus cannot be reached or refused the message. Nothing was sent.",
    action: "Check the namespace, the network and the rights of the functions' identity.",
  },
  writesStopped: {
    means:
      "More passwords are being reset than `BRAKE_RESETS_PER_MINUTE`, and `BRAKE_STOPS_WRITES` " +
      "is set. Nothing was sent.",
    action: "Look in the audit log at who resets whose passwords; it ends after a minute.",
  },
  userFactsUnavailable: {
    means: "Microsoft Graph did not answer, or not in a form that is known. Nothing was sent.",
    action: "Check Graph's health and the permissions in Graph of the functions' identity.",
  },
  recordsUnavailable: {
    means: "The tables cannot be read or written. Nothing was sent.",
    action: "Check the storage account and the rights of the functions' identity.",
  },
  trustListUnavailable: {
    means: "There is no trust list, it does not verify, or an old one was put back.",
    action: "Publish the current trust list; find out who wrote to the table.",
  },
  settingsUnusable: {
    means: "The row with the tenant's settings is damaged or of a newer version. Nothing was sent.",
    action: "Update the functions, or see `docs/tenantSettings.md` on how to begin anew.",
  },
  signingUnavailable: {
    means: "The Key Vault did not certify this instance's key. Nothing was sent.",
    action: "Check the vault, its network rules and the right to sign with the signing key.",
  },
  outcomeUnknown: {
    means: "The request was sent, and no verdict came in time. It may still be carried out.",
    action: "Follow `Location`; do not send it again with another key before that has ended.",
  },
  agentSilent: {
    means: "No agent has answered a question in time. Nothing was to be written.",
    action: LOGS,
  },
  signInKeysUnavailable: {
    means: "The tenant's token signing keys cannot be fetched. Nothing was sent.",
    action: "Check that the functions reach the Entra authority.",
  },
  internalError: { means: "A mistake of ours.", action: REPORT },

  passwordPolicyViolation: {
    means: "The directory's password policy refused the new password.",
    action: "Choose another one: length, complexity, history, minimum age.",
  },
  currentPasswordWrong: {
    means: "The directory says that the current password is not the right one.",
    action: "Try again, minding the lockout; or reset it.",
  },
  accountLocked: {
    means: "The account is locked; a change is refused whatever the password.",
    action: "Unlock or reset it.",
  },
  changeNotAllowed: {
    means: "The person may not change this password in the directory.",
    action: 'Check "user cannot change password" on the account.',
  },
  superseded: {
    means: "Somebody else set the password after the request was made, before it could be written.",
    action: "Nothing, or do it again on purpose.",
  },
  directoryUserNotFound: {
    means: "No account in the agent's directory has this source anchor.",
    action: "Check the agent's search base and anchor attribute.",
  },
  directoryUserAmbiguous: {
    means: "More than one account has this source anchor.",
    action: "Make the anchors unique.",
  },
  directoryUserMismatch: {
    means: "The account with this anchor has another SID than the cloud knows.",
    action: "Check the synchronisation of this account.",
  },
  agentLacksRight: {
    means: "The agent's account lacks a right, and it can't be told for certain which.",
    action: `The log has its likely name in \`missingRight\`; grant it as below. ${MIND}`,
  },
  agentLacksResetPassword: {
    means: "The agent's account may not reset this account's password.",
    action: `${grantOnUsers("CA;Reset Password", "CR", RIGHT.resetPassword)} ${MIND}`,
  },
  agentLacksWritePwdLastSet: {
    means: "The agent's account may not write `pwdLastSet` of this account.",
    action: `${grantOnUsers("RPWP;pwdLastSet", "RPWP", RIGHT.pwdLastSet)} ${MIND}`,
  },
  agentLacksWriteLockoutTime: {
    means: "The agent's account may not write `lockoutTime` of this account.",
    action: `${grantOnUsers("RPWP;lockoutTime", "RPWP", RIGHT.lockoutTime)} ${MIND}`,
  },
  agentLacksUnexpirePassword: {
    means:
      "The agent's account lacks *Unexpire Password* on the head of the domain: the directory " +
      "refuses, or takes a new password as expired (`mustChangeUnasked`).",
    action: grant(
      HEAD,
      '/G "CONTOSO\\svc-writeback:CA;Unexpire Password"',
      `(OA;;CR;${RIGHT.unexpirePassword};;SID)`,
    ),
  },
  agentLacksReadPwdLastSet: {
    means: "The agent's account may not read `pwdLastSet` of this account. Nothing was written.",
    action: `${grantOnUsers("RPWP;pwdLastSet", "RPWP", RIGHT.pwdLastSet)} ${MIND}`,
  },
  directoryCannotEnforcePolicy: {
    means: "The domain controller offers no policy hints: a reset would pass by the history.",
    action: "Update the domain controller, or allow weaker enforcement in the agent's settings.",
  },
  directoryUnreachable: {
    means: "The agent could not reach a domain controller. Nothing was written.",
    action: "Check the domain controllers, LDAPS and the agent's network.",
  },
  directoryRefused: {
    means: "The directory refused the write for another reason; the log has its code.",
    action: LOGS,
  },
  requestExpired: {
    means: "The request reached the agent too late to be started. Nothing was written.",
    action: "Try again; check the agent's load and clock if it stays.",
  },
  canaryMissing: {
    means: "The account that a probe reads is not there, or cannot be read.",
    action: "Set the canary account in the agent's settings.",
  },
  protectionUnknown: {
    means: "The directory did not say for certain who the account is or which groups hold it.",
    action:
      "Let the agent's account read `tokenGroups` and the account; a global catalog must answer.",
  },
  accountOfTheAgent: {
    means: "It is the account that the agent itself signs in with.",
    action: "Change its password in the directory and in the agent's secret file.",
  },
  accountOfSynchronisation: {
    means: "Its name is that of a synchronisation account (`MSOL_`, `AAD_`).",
    action: "Use the synchronisation's own tools.",
  },
  accountProtected: {
    means: "It is built in, or in a privileged group, direct or nested; the log names the rule.",
    action: "Set its password in the directory. For owners see `guard.ownersMayChange`.",
  },
  accountNotPerson: {
    means: "It is a computer or a managed service account.",
    action: "Nothing: such passwords are not people's.",
  },
  accountTrust: {
    means: "It is the account of a trust or of a computer.",
    action: "Nothing: such passwords are not people's.",
  },
  accountOutOfScope: {
    means: "It is outside the units and groups that the agent may touch.",
    action: "Move it, or widen `guard.scope` in the agent's settings.",
  },
  accountInProtectedUsers: {
    means: "It is in the group Protected Users.",
    action: "Set its password in the directory, or allow it with `guard.rules.protectedUsers`.",
  },
  accountStaleProtection: {
    means: "It has `adminCount` 1 and is in no privileged group: it was an administrator once.",
    action: "Clear `adminCount` and turn on inheritance, or see `guard.rules.staleProtection`.",
  },
  accountIsService: {
    means: "It has service principal names: a reset would break a service.",
    action: "Set its password with the service, or see `guard.rules.service`.",
  },
  accountSmartcardOnly: {
    means: "It must sign in with a smart card; a password would pass by that.",
    action: "Nothing, or see `guard.rules.smartcardOnly`.",
  },
  accountTrustedForDelegation: {
    means: "It may act as other people towards services.",
    action: "Set its password in the directory, or see `guard.rules.trustedForDelegation`.",
  },
  accountDisabled: {
    means: "It is disabled in the directory.",
    action: "Enable it first, or allow it with `guard.rules.disabled`.",
  },
  accountExpired: {
    means: "The account itself, not its password, has expired.",
    action: "Set another end in the directory, or allow it with `guard.rules.expired`.",
  },
  accountPasswordNotRequired: {
    means: "The account needs no password, and `guard.rules.passwordNotRequired` refuses that.",
    action: "Clear the flag on the account.",
  },
  accountNeverExpires: {
    means: "Must change has no effect on a password that never expires, and is set to refuse.",
    action: "Clear the flag on the account, or see `guard.rules.neverExpires`.",
  },
  directoryReferral: {
    means:
      "The domain controller named another one instead of answering: it is read-only, or what " +
      "was asked for lies in another domain. The agent never follows. Nothing was written.",
    action: "Name writable domain controllers of the account's own domain, and its `baseDn`.",
  },
  directoryNotWritable: {
    means:
      "Every domain controller that answers is read-only or not synchronised. Nothing was written.",
    action: "Name a writable one in `domainControllers`, and check the replication.",
  },
  secretUnusable: {
    means:
      "The file with the password of the agent's account is empty, cannot be read, or can be " +
      "read by others. Nothing was written.",
    action: "Put the password into the file, owned by the agent's account, with mode 600.",
  },
  journalUnavailable: {
    means: "The agent cannot write its journal on disk, so nothing was written to the directory.",
    action: "Make room on the disk of the agent's data folder, and check the rights on it.",
  },
  agentNotTrusted: {
    means: "The agent has had no fresh signed heartbeat answer for an hour, so it does nothing.",
    action: "Check that the agent reaches the API.",
  },

  envelopeMalformed: {
    means: "A message on the relay is no envelope that can be read.",
    action: "Find out who may send to the queue.",
  },
  envelopeTooLarge: {
    means: "A message on the relay is larger than any envelope.",
    action: "Find out who may send to the queue.",
  },
  envelopeNotForThisAgent: {
    means: "A request was sealed before this agent was enrolled, or for others.",
    action: "Nothing, if it passes; else publish a trust list that names this agent's key.",
  },
  requestVersionUnsupported: {
    means: "The functions send a format that this agent does not know.",
    action: "Update the agent.",
  },
  requestSignatureInvalid: {
    means: "A request was not signed by the instance that it names.",
    action: "Find out who may send to the queue.",
  },
  requestAudienceWrong: {
    means: "A request was made for another connector or tenant.",
    action: "Check which queue the agent listens on.",
  },
  requestFromFuture: {
    means: "A request was made more than a minute ahead of the agent's corrected clock.",
    action: "Check the clocks.",
  },
  requestRepeated: {
    means: "A request came a second time; it is never executed again.",
    action: "Nothing.",
  },
  certificateInvalid: {
    means: "The instance's certificate has ended, or the trust list does not name its signer.",
    action: "Publish a trust list with the signing key in use.",
  },
  trustListInvalid: {
    means: "A trust list is not signed by the root key that was pinned.",
    action: "Find out who wrote to the table.",
  },
  trustListOutdated: {
    means: "A trust list has a lower serial than one seen before.",
    action: "Publish the current list; find out who put back the old one.",
  },
  heartbeatAnswerInvalid: {
    means: "The answer to a heartbeat is not signed over this heartbeat.",
    action: "Check for a proxy that answers in the API's place.",
  },
  replyInvalid: {
    means: "A reply was not sealed with the key of the request; it was ignored.",
    action: "Find out who may send to the queue `replies`.",
  },
  agentNotListed: {
    means: "The trust list has no such agent, or names another service principal for it.",
    action: "Enrol the agent; check the certificate it signs in with.",
  },
  trustListRefused: {
    means: "A list to be published is not signed by the root key, or contradicts itself.",
    action: "Publish with the operator's command; `target` names what is wrong.",
  },
  trustListSuperseded: {
    means: "A list to be published does not follow the one in force: another one came first.",
    action: "Run the operator's command again: it starts from the list in force.",
  },
  trustListNotFound: {
    means: "No trust list was published yet.",
    action: "Run `init` of the operator's command.",
  },
  enrolmentInvalid: {
    means: "An invitation or a request to enrol is not whole, or its proof does not hold.",
    action: "Make it anew on the agent's host and carry it over unchanged.",
  },
  agentKeyExpired: {
    means: "The agent's encryption key is older than 180 days. Nothing is sealed for it any more.",
    action: "Run `rotate-key` on its host, and `add-agent` with the request that it writes.",
  },
};

import type { ErrorCode } from "../../protocol/errors.ts";
import { LOGS, type Meaning } from "./meaning.ts";

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

/** What the agent and the directory refuse: 403xx. */
export const DIRECTORY_ERRORS = {
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
} as const satisfies Partial<Record<ErrorCode, Meaning>>;

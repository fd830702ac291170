import { GUARDS } from "./access/guard.ts";
import { ACTIVITIES } from "./audit/activity.ts";
import type { Route } from "./http/apiCall.ts";
import { adminResetPassword } from "./operations/adminResetPassword.ts";
import { adminUnlockAccount } from "./operations/adminUnlockAccount.ts";
import { agentHeartbeat } from "./operations/agentHeartbeat.ts";
import { agentOutcomes } from "./operations/agentOutcomes.ts";
import { agents } from "./operations/agents.ts";
import { changeOwnPassword } from "./operations/changeOwnPassword.ts";
import { directoryAudits } from "./operations/directoryAudits.ts";
import { health } from "./operations/health.ts";
import { ownOperation, selfServiceOperation, userOperation } from "./operations/operationStatus.ts";
import {
  ownPasswordRules,
  selfServicePasswordRules,
  userPasswordRules,
} from "./operations/passwordRules.ts";
import { probe } from "./operations/probe.ts";
import { requirePasswordChange } from "./operations/requirePasswordChange.ts";
import { resetOwnPassword } from "./operations/resetOwnPassword.ts";
import { selfServiceAvailability } from "./operations/selfServiceAvailability.ts";
import { selfServiceChangePassword } from "./operations/selfServiceChangePassword.ts";
import { selfServiceResetPassword } from "./operations/selfServiceResetPassword.ts";
import { selfServiceUnlockAccount } from "./operations/selfServiceUnlockAccount.ts";
import { status } from "./operations/status.ts";
import { changeSettings, readSettings } from "./operations/tenantSettings.ts";
import { publishTrustList, readTrustList } from "./operations/trustList.ts";
import { unblock } from "./operations/unblock.ts";
import { unlockOwnAccount } from "./operations/unlockOwnAccount.ts";

/** Microsoft Graph's id of the password among a person's authentication methods. */
const PASSWORD_METHOD = "28c10230-6103-485e-b985-444c60001490";

/** Every route of the API. Both hosts and the tests read this table. */
export const routes: readonly Route[] = [
  {
    name: "health",
    method: "GET",
    route: "health",
    guard: GUARDS.anyone,
    handler: health,
  },
  {
    name: "changeOwnPassword",
    method: "POST",
    route: "v1.0/me/changePassword",
    guard: GUARDS.user,
    activity: ACTIVITIES.change,
    handler: changeOwnPassword,
  },
  {
    name: "resetOwnPassword",
    method: "POST",
    route: "v1.0/me/resetPassword",
    guard: GUARDS.userStepUp,
    activity: ACTIVITIES.reset,
    handler: resetOwnPassword,
  },
  {
    name: "unlockOwnAccount",
    method: "POST",
    route: "v1.0/me/unlockAccount",
    guard: GUARDS.userStepUp,
    activity: ACTIVITIES.unlock,
    handler: unlockOwnAccount,
  },
  {
    name: "ownPasswordRules",
    method: "GET",
    route: "v1.0/me/passwordRules",
    guard: GUARDS.user,
    handler: ownPasswordRules,
  },
  {
    name: "ownOperation",
    method: "GET",
    route: "v1.0/me/operations/{operationId}",
    guard: GUARDS.user,
    handler: ownOperation,
  },
  {
    name: "selfServiceChangePassword",
    method: "POST",
    route: "v1.0/selfService/changePassword",
    guard: GUARDS.portal,
    activity: ACTIVITIES.change,
    handler: selfServiceChangePassword,
  },
  {
    name: "selfServiceResetPassword",
    method: "POST",
    route: "v1.0/selfService/resetPassword",
    guard: GUARDS.portal,
    activity: ACTIVITIES.reset,
    handler: selfServiceResetPassword,
  },
  {
    name: "selfServiceUnlockAccount",
    method: "POST",
    route: "v1.0/selfService/unlockAccount",
    guard: GUARDS.portal,
    activity: ACTIVITIES.unlock,
    handler: selfServiceUnlockAccount,
  },
  {
    name: "selfServicePasswordRules",
    method: "POST",
    route: "v1.0/selfService/passwordRules",
    guard: GUARDS.portal,
    handler: selfServicePasswordRules,
  },
  {
    name: "selfServiceAvailability",
    method: "GET",
    route: "v1.0/selfService/availability",
    guard: GUARDS.portal,
    handler: selfServiceAvailability,
  },
  {
    name: "selfServiceOperation",
    method: "GET",
    route: "v1.0/selfService/operations/{operationId}",
    guard: GUARDS.portal,
    handler: selfServiceOperation,
  },
  {
    name: "adminResetPassword",
    method: "POST",
    route: `v1.0/users/{id}/authentication/methods/${PASSWORD_METHOD}/resetPassword`,
    guard: GUARDS.adminOrAutomation,
    activity: ACTIVITIES.adminReset,
    handler: adminResetPassword,
  },
  {
    name: "userPasswordRules",
    method: "GET",
    route: "v1.0/users/{id}/passwordRules",
    guard: GUARDS.admin,
    handler: userPasswordRules,
  },
  {
    name: "userOperation",
    method: "GET",
    route: "v1.0/users/{id}/authentication/operations/{operationId}",
    guard: GUARDS.adminOrAutomation,
    handler: userOperation,
  },
  {
    name: "adminUnlockAccount",
    method: "POST",
    route: "v1.0/users/{id}/unlockAccount",
    guard: GUARDS.adminOrAutomation,
    activity: ACTIVITIES.adminUnlock,
    handler: adminUnlockAccount,
  },
  {
    name: "requirePasswordChange",
    method: "POST",
    route: "v1.0/users/{id}/requirePasswordChange",
    guard: GUARDS.adminOrAutomation,
    activity: ACTIVITIES.requireChange,
    handler: requirePasswordChange,
  },
  {
    name: "readSettings",
    method: "GET",
    route: "v1.0/onPremisesIntegration",
    guard: GUARDS.operator,
    handler: readSettings,
  },
  {
    name: "changeSettings",
    method: "PATCH",
    route: "v1.0/onPremisesIntegration",
    guard: GUARDS.operator,
    activity: ACTIVITIES.changeSettings,
    handler: changeSettings,
  },
  {
    name: "probe",
    method: "POST",
    route: "v1.0/probe",
    guard: GUARDS.operator,
    activity: ACTIVITIES.probe,
    handler: probe,
  },
  {
    name: "unblock",
    method: "POST",
    route: "v1.0/users/{id}/unblock",
    guard: GUARDS.operator,
    activity: ACTIVITIES.unblock,
    handler: unblock,
  },
  {
    name: "directoryAudits",
    method: "GET",
    route: "v1.0/auditLogs/directoryAudits",
    guard: GUARDS.auditReader,
    handler: directoryAudits,
  },
  {
    name: "agentHeartbeat",
    method: "POST",
    route: "v1.0/agents/{id}/heartbeat",
    guard: GUARDS.agent,
    handler: agentHeartbeat,
  },
  {
    name: "agentOutcomes",
    method: "POST",
    route: "v1.0/agents/{id}/outcomes",
    guard: GUARDS.agent,
    handler: agentOutcomes,
  },
  {
    name: "readTrustList",
    method: "GET",
    route: "v1.0/trustList",
    guard: GUARDS.operator,
    handler: readTrustList,
  },
  {
    name: "publishTrustList",
    method: "PUT",
    route: "v1.0/trustList",
    guard: GUARDS.operator,
    activity: ACTIVITIES.publishTrustList,
    handler: publishTrustList,
  },
  {
    name: "agents",
    method: "GET",
    route: "v1.0/agents",
    guard: GUARDS.operator,
    handler: agents,
  },
  {
    name: "status",
    method: "GET",
    route: "v1.0/status",
    guard: GUARDS.operator,
    handler: status,
  },
];

/** Delegated permissions (scopes) of the API. */
export const SCOPES = {
  /** A signed-in person on their own account. */
  self: "Password.ReadWrite",
  /** An administrator on other people's accounts; the name that Microsoft Graph uses. */
  admin: "UserAuthenticationMethod.ReadWrite.All",
  /** Whoever runs the service. */
  operate: "Writeback.Operate",
} as const;

/**
 * Permissions of Microsoft Graph for the calls that this API mirrors, beside the scope of the same
 * name above. Accepted only where `ACCEPT_GRAPH_PERMISSIONS` says so.
 */
export const GRAPH_PERMISSIONS = {
  /** `POST /me/changePassword`. */
  self: ["User-PasswordProfile.ReadWrite.All", "Directory.AccessAsUser.All"],
  /** `GET /auditLogs/directoryAudits`. */
  audit: ["AuditLog.Read.All"],
} as const;

/** App roles of the API: given to applications, or to users and groups by assignment. */
export const ROLES = {
  portal: "SelfService.ReadWrite.All",
  agent: "Agent",
  administrator: "PasswordAdministrator",
  operator: "Operator",
  /** Scripts and flows that act without a person; off unless configured. */
  automation: "Automation",
} as const;

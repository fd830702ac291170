import type { OperationName, Origin } from "@password-writeback/protocol/request.ts";

/** What somebody did, as audit records name it. */
export interface Activity {
  /** Microsoft Entra's `activityDisplayName`, where it has one for this. */
  readonly name: string;
  readonly category: "UserManagement" | "DirectoryManagement";
  /** Microsoft Graph's `operationType`. */
  readonly type: "Update" | "Assign" | "Other";
}

const onUser = (name: string): Activity => ({ name, category: "UserManagement", type: "Update" });
const onDirectory = (name: string, type: Activity["type"] = "Update"): Activity => ({
  name,
  category: "DirectoryManagement",
  type,
});

/** The activities of the service. Those that Microsoft Entra records too have the names it uses. */
export const ACTIVITIES = {
  change: onUser("Change password (self-service)"),
  reset: onUser("Reset password (self-service)"),
  unlock: onUser("Unlock user account (self-service)"),
  adminReset: onUser("Reset password (by admin)"),
  blocked: onUser("Blocked from self-service password reset"),
  changeSettings: onDirectory("Self-service password reset policy changes"),

  adminUnlock: onUser("Unlock user account (by admin)"),
  requireChange: onUser("Require password change (by admin)"),
  unblock: onUser("Unblock user for self-service password reset (by admin)"),
  publishTrustList: onDirectory("Update trust list of password writeback"),
  brake: onDirectory("Brake password writeback for directory"),
  probe: onDirectory("Probe password writeback for directory", "Other"),
} as const satisfies Record<string, Activity>;

const SELF_SERVICE: Partial<Record<OperationName, Activity>> = {
  change: ACTIVITIES.change,
  reset: ACTIVITIES.reset,
  unlock: ACTIVITIES.unlock,
};
const BY_ADMINISTRATOR: Partial<Record<OperationName, Activity>> = {
  reset: ACTIVITIES.adminReset,
  unlock: ACTIVITIES.adminUnlock,
  requireChange: ACTIVITIES.requireChange,
};
const BY_ORIGIN: Readonly<Record<Origin, Partial<Record<OperationName, Activity>>>> = {
  self: SELF_SERVICE,
  portal: SELF_SERVICE,
  admin: BY_ADMINISTRATOR,
  automation: BY_ADMINISTRATOR,
  operator: { probe: ACTIVITIES.probe },
};

/** The activity of an operation that is known by its record alone. */
export const activityOf = (operation: OperationName, origin: Origin): Activity =>
  BY_ORIGIN[origin][operation] ?? {
    name: `${operation} (${origin})`,
    category: "UserManagement",
    type: "Update",
  };

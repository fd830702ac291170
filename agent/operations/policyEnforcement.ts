import type { Origin } from "@password-writeback/protocol/request.ts";
import { z } from "zod";

const flag = z.boolean({ error: "must be true or false" }).default(true);

/** Whether resets obey history and minimum age, by where they come from. */
export const policyEnforcement = z.strictObject({
  adminReset: flag,
  portalReset: flag,
  automationReset: flag,
});
export type PolicyEnforcement = z.infer<typeof policyEnforcement>;

const SETTING_OF: Partial<Record<Origin, keyof PolicyEnforcement>> = {
  admin: "adminReset",
  portal: "portalReset",
  automation: "automationReset",
};

/** Whether a reset is to obey the whole policy: yes, unless a setting says no. */
export function enforcesPolicy(origin: Origin, settings: PolicyEnforcement | undefined): boolean {
  const setting = SETTING_OF[origin];
  return setting === undefined || (settings?.[setting] ?? true);
}

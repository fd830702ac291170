import { ApiError } from "../http/apiError.ts";
import type { Rule } from "./permit.ts";

/**
 * Automation acts without a person: it is off unless an operator names the one group whose members
 * it may help.
 * @throws ApiError `automationOff`, `automationOutOfGroup`, `userFactsUnavailable`
 */
export const withinAutomation: Rule = async ({ origin, facts }, parts) => {
  if (origin !== "automation") return;
  const { automationGroup, memberships } = parts;
  if (automationGroup === undefined) throw new ApiError("automationOff");
  const groups = await memberships.isMemberOf(facts.id, [automationGroup]);
  if (groups.size === 0) throw new ApiError("automationOutOfGroup");
};

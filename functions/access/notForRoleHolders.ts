import { ApiError } from "../http/apiError.ts";
import { holdsRole } from "../people/roles.ts";
import type { Rule } from "./permit.ts";
import { isClosedToRoleHolders } from "./rolesInPlay.ts";

/**
 * Whoever holds an Entra role is helped by administrators only: a stolen portal, automation or
 * second factor must not open the accounts that rule the tenant.
 * @throws ApiError `targetHoldsRole`, `userFactsUnavailable`
 */
export const notForRoleHolders: Rule = async (asked, parts) => {
  if (!isClosedToRoleHolders(asked, parts)) return;
  if (holdsRole(await asked.roles.target(asked.facts.id))) throw new ApiError("targetHoldsRole");
};

import { ApiError } from "../http/apiError.ts";
import type { Rule } from "./permit.ts";
import { mayHelp } from "./roleMatrix.ts";

/**
 * An administrator needs an Entra role that Microsoft's table lets reset the password of whoever
 * holds what this person holds; for every operation the same.
 * @throws ApiError `insufficientRole`, `userFactsUnavailable`
 */
export const administratorsRights: Rule = async ({ origin, facts, roles }) => {
  if (origin !== "admin") return;
  const [caller, target] = await Promise.all([roles.caller(), roles.target(facts.id)]);
  if (!mayHelp(caller, target)) throw new ApiError("insufficientRole");
};

import { ApiError } from "../http/apiError.ts";
import type { Rule } from "./permit.ts";

/**
 * An administrator's route is never for oneself, as in Microsoft Graph.
 * @throws ApiError `ownAccount`
 */
export const notOnOneself: Rule = async ({ origin, facts, call }) => {
  if (origin === "admin" && facts.id === call.caller.id) throw new ApiError("ownAccount");
};

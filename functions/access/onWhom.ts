import { ApiError } from "../http/apiError.ts";
import type { Rule } from "./permit.ts";

/**
 * Whose account a call may be about stands in the guard of its route: a user's own, or, as in
 * Microsoft Graph's resets, never an administrator's own.
 * @throws ApiError `ownAccount`, `accessDenied`
 */
export const onWhom: Rule = async ({ facts, call: { guard, caller } }) => {
  const isOneself = facts.id.toLowerCase() === caller.id.toLowerCase();
  if (guard.on === "others" && isOneself) throw new ApiError("ownAccount");
  if (guard.on === "oneself" && !isOneself) throw new ApiError("accessDenied");
};

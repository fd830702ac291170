import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import { AccessFault } from "./accessFault.ts";

/**
 * A token lives for more than an hour, also that of an operator who was dismissed meanwhile: what
 * opens the service wider asks Graph whether the account is still enabled. Applications have none.
 * @throws ApiError `accessDenied`, `userFactsUnavailable`
 */
export async function checkStillEnabled(
  { caller }: Pick<ApiCall, "caller">,
  { roles }: Pick<Parts, "roles">,
): Promise<void> {
  if (caller.kind !== "user" || (await roles.isEnabled(caller.id))) return;
  throw new ApiError("accessDenied", { cause: new AccessFault("disabled") });
}

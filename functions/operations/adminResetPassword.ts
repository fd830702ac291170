import { password } from "@password-writeback/protocol/password.ts";
import { z } from "zod";
import { helperOrigin } from "../access/helperOrigin.ts";
import type { Handler } from "../http/apiCall.ts";
import { readBody } from "../http/body.ts";
import { acceptedAnswer } from "../writeback/answers.ts";
import { onAccount } from "./onAccount.ts";

const body = z.strictObject({
  newPassword: password,
  /** A password that somebody else knows is temporary unless the administrator says otherwise. */
  requireChangeOnNextSignIn: z.boolean().default(true),
});

/**
 * `POST /v1.0/users/{id}/authentication/methods/28c10230-…/resetPassword`, as Microsoft Graph has
 * it: 202 with `Location`; the operation has succeeded already when the verdict came in time.
 */
export const adminResetPassword: Handler = async (call, parts) => {
  const { newPassword, requireChangeOnNextSignIn } = await readBody(call.request, body);
  const intent = {
    operation: "reset",
    origin: helperOrigin(call.caller),
    newPassword,
    mustChange: requireChangeOnNextSignIn,
  } as const;
  const user = call.request.params.id ?? "";
  return acceptedAnswer(await onAccount(user, intent, call, parts), call);
};

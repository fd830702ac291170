import { password } from "@password-writeback/protocol/password.ts";
import { z } from "zod";
import type { Handler } from "../http/apiCall.ts";
import { readBody } from "../http/body.ts";
import { outcomeAnswer } from "../writeback/answers.ts";
import { onAccount } from "./onAccount.ts";

const body = z.strictObject({ newPassword: password });

/**
 * `POST /v1.0/me/resetPassword`: for a signed-in person who has forgotten the current password.
 * The stronger sign-in that the route asks for stands in its place.
 */
export const resetOwnPassword: Handler = async (call, parts) => {
  const { newPassword } = await readBody(call.request, body);
  const intent = { operation: "reset", origin: "self", newPassword, mustChange: false } as const;
  return outcomeAnswer(await onAccount(call.caller.id, intent, call, parts), call);
};

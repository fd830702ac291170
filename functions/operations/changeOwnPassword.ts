import { password } from "@password-writeback/protocol/password.ts";
import { z } from "zod";
import type { Handler } from "../http/apiCall.ts";
import { readBody } from "../http/body.ts";
import { noContentAnswer } from "../writeback/answers.ts";
import { onAccount } from "./onAccount.ts";

const body = z.strictObject({ currentPassword: password, newPassword: password });

/** `POST /v1.0/me/changePassword`: a signed-in person changes their own password. */
export const changeOwnPassword: Handler = async (call, parts) => {
  const passwords = await readBody(call.request, body);
  const intent = { operation: "change", origin: "self", ...passwords } as const;
  return noContentAnswer(await onAccount(call.caller.id, intent, call, parts), call);
};

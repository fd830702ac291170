import { helperOrigin } from "../access/helperOrigin.ts";
import type { Handler } from "../http/apiCall.ts";
import { readNoBody } from "../http/body.ts";
import { outcomeAnswer } from "../writeback/answers.ts";
import { onAccount } from "./onAccount.ts";

/** `POST /v1.0/users/{id}/requirePasswordChange`: must change at next sign-in. No body. */
export const requirePasswordChange: Handler = async (call, parts) => {
  await readNoBody(call.request);
  const intent = { operation: "requireChange", origin: helperOrigin(call.caller) } as const;
  const user = call.request.params.id ?? "";
  return outcomeAnswer(await onAccount(user, intent, call, parts), call);
};

import type { Handler } from "../http/apiCall.ts";
import { readNoBody } from "../http/body.ts";
import { outcomeAnswer } from "../writeback/answers.ts";
import { onAccount } from "./onAccount.ts";

/** `POST /v1.0/me/unlockAccount`: a signed-in person unlocks their own account. It has no body. */
export const unlockOwnAccount: Handler = async (call, parts) => {
  await readNoBody(call.request);
  const intent = { operation: "unlock", origin: "self" } as const;
  return outcomeAnswer(await onAccount(call.caller.id, intent, call, parts), call);
};

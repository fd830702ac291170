import { z } from "zod";
import type { Handler } from "../http/apiCall.ts";
import { readBody } from "../http/body.ts";
import { outcomeAnswer } from "../writeback/answers.ts";
import { onAccount } from "./onAccount.ts";
import { freshProof, selfServiceMembers } from "./selfServiceBody.ts";

const body = z.strictObject(selfServiceMembers);

/** `POST /v1.0/selfService/unlockAccount`: unlocks without a new password. */
export const selfServiceUnlockAccount: Handler = async (call, parts) => {
  const { user, proof } = await readBody(call.request, body);
  const intent = {
    operation: "unlock",
    origin: "portal",
    proof: freshProof(proof, parts),
  } as const;
  return outcomeAnswer(await onAccount(user, intent, call, parts), call);
};

import { password } from "@password-writeback/protocol/password.ts";
import { z } from "zod";
import type { Handler } from "../http/apiCall.ts";
import { readBody } from "../http/body.ts";
import { outcomeAnswer } from "../writeback/answers.ts";
import { onAccount } from "./onAccount.ts";
import { freshProof, selfServiceMembers } from "./selfServiceBody.ts";

const body = z.strictObject({ ...selfServiceMembers, newPassword: password });

/** `POST /v1.0/selfService/resetPassword`: for a person who proved who they are otherwise. */
export const selfServiceResetPassword: Handler = async (call, parts) => {
  const { user, proof, newPassword } = await readBody(call.request, body);
  const intent = {
    operation: "reset",
    origin: "portal",
    newPassword,
    mustChange: false,
    proof: freshProof(proof, parts),
  } as const;
  return outcomeAnswer(await onAccount(user, intent, call, parts), call);
};

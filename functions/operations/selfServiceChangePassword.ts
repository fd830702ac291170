import { password } from "@password-writeback/protocol/password.ts";
import { z } from "zod";
import type { Handler } from "../http/apiCall.ts";
import { readBody } from "../http/body.ts";
import { outcomeAnswer } from "../writeback/answers.ts";
import { onAccount } from "./onAccount.ts";
import { freshProof, selfServiceMembers } from "./selfServiceBody.ts";

const body = z.strictObject({
  ...selfServiceMembers,
  currentPassword: password,
  newPassword: password,
});

/** `POST /v1.0/selfService/changePassword`: the portal changes a person's password for them. */
export const selfServiceChangePassword: Handler = async (call, parts) => {
  const { user, proof, ...passwords } = await readBody(call.request, body);
  const intent = {
    operation: "change",
    origin: "portal",
    ...passwords,
    proof: freshProof(proof, parts),
  } as const;
  return outcomeAnswer(await onAccount(user, intent, call, parts), call);
};

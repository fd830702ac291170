import { randomUUID } from "node:crypto";
import { sealRequest } from "@password-writeback/protocol/envelope.ts";
import type { Outcome } from "@password-writeback/protocol/outcome.ts";
import type { PasswordRules } from "@password-writeback/protocol/passwordRules.ts";
import type { Origin } from "@password-writeback/protocol/request.ts";
import type { TrustedAgent } from "@password-writeback/protocol/trustList.ts";
import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import type { ResolvedTarget } from "../people/target.ts";
import { type Ground, recipients } from "./liveAgents.ts";
import { requestClaims } from "./requestClaims.ts";
import { sendAndOpen } from "./sendAndOpen.ts";

/**
 * Asks an agent for the rules of somebody's next password: ready? → read lately? → seal → send →
 * wait → open. Nothing is written, so nothing is recorded, reserved or repeated, and a question
 * waits for no other operation of the same person.
 * @throws ApiError the code with which the agent refused; `agentSilent`; `replyInvalid`
 */
export async function askRules(
  { target, connector }: ResolvedTarget,
  origin: Origin,
  ground: Ground,
  call: ApiCall,
  parts: Parts,
): Promise<PasswordRules> {
  // Before the cache: who is told the rules will type a password next.
  const agents = recipients(ground, connector, parts.now());
  const account = [origin, connector, target.sourceAnchor, target.sid].join("|");
  return parts.rules.read(target.id, account, () =>
    askAgent({ target, connector }, origin, agents, ground, call, parts),
  );
}

async function askAgent(
  { target, connector }: ResolvedTarget,
  origin: Origin,
  agents: readonly TrustedAgent[],
  ground: Ground,
  call: ApiCall,
  parts: Parts,
): Promise<PasswordRules> {
  const identity = await parts.instanceKey.identity(ground.trust.list);
  const claims = requestClaims(
    {
      id: randomUUID(),
      connector,
      trackingId: call.ids.requestId,
      createdAt: parts.now(),
      deadline: call.arrivedAt + parts.writeStart,
    },
    { operation: "passwordRules", origin, target },
    call,
    parts.tenantId,
  );
  const body = await sealRequest(claims, identity, agents);
  const wait = call.arrivedAt + parts.totalWait - parts.now();
  const outcome = await sendAndOpen(claims, body, wait, parts.relay, call.log);
  call.log.info("passwordRules", {
    requestId: call.ids.requestId,
    origin,
    callerId: call.caller.id,
    targetId: target.id,
    connector,
    agent: outcome?.agent,
    status: outcome?.status ?? "unknown",
    code: outcome?.code,
    ...outcome?.directory,
    milliseconds: parts.now() - call.arrivedAt,
  });
  return rulesIn(outcome);
}

function rulesIn(outcome: Outcome | undefined): PasswordRules {
  if (outcome === undefined || outcome.status === "unknown") throw new ApiError("agentSilent");
  if (outcome.status === "failed") throw new ApiError(outcome.code ?? "directoryRefused");
  if (outcome.detail?.rules === undefined) throw new ApiError("replyInvalid");
  return outcome.detail.rules;
}

import {
  type LateOutcome,
  lateOutcome,
  lateOutcomesCall,
} from "@password-writeback/protocol/lateOutcomes.ts";
import type { TrustedAgent } from "@password-writeback/protocol/trustList.ts";
import { ownAgent } from "../access/ownAgent.ts";
import { recordOfLateOutcome } from "../audit/recordOfOperation.ts";
import type { ApiCall, Handler } from "../http/apiCall.ts";
import { readBody } from "../http/body.ts";
import type { Parts } from "../parts.ts";
import type { Operation } from "../records/operation.ts";

/**
 * `POST /v1.0/agents/{id}/outcomes`: how requests ended whose replies came too late or were never
 * taken. Each counts once, for an operation of the agent's own connector that has no outcome yet;
 * any other is passed over, so that an agent may tell the same again, and so is each one that
 * cannot be read or is not this agent's own, so that it costs the others nothing. An agent whose
 * key has expired may still tell what it did before.
 */
export const agentOutcomes: Handler = async (call, parts) => {
  const { outcomes } = await readBody(call.request, lateOutcomesCall);
  const { agent } = await ownAgent(call, parts);
  for (const told of outcomes) {
    const { data: outcome } = lateOutcome.safeParse(told);
    if (outcome?.agent === agent.id) await take(outcome, agent, call, parts);
    else call.log.error("lateOutcomeUnreadable", { agent: agent.id });
  }
  return { status: 204 };
};

async function take(
  outcome: LateOutcome,
  agent: TrustedAgent,
  call: ApiCall,
  parts: Parts,
): Promise<void> {
  const { operations, unresolved, throttle } = parts;
  const found = await operations.find(outcome.request);
  if (found?.connector !== agent.connector) return;
  const running = await operations.findRunning(outcome.request);
  if (running) {
    const concluded = concludedBy(outcome, running.record, parts.now());
    if (!(await operations.concludeOnce(concluded, running.etag))) return;
    await throttle.settle(found, outcome);
    call.log.info("lateOutcome", {
      operationId: found.id,
      operation: found.operation,
      origin: found.origin,
      callerId: found.callerId,
      targetId: found.targetId,
      connector: found.connector,
      agent: agent.id,
      status: concluded.status,
      code: concluded.code,
      ...outcome.directory,
    });
    await parts.audit.write(recordOfLateOutcome(concluded), call.log);
  }
  // Also where somebody was faster and died right after.
  await unresolved.remove(found);
}

const concludedBy = (
  { status, code, detail, agent, directory }: LateOutcome,
  record: Operation,
  now: number,
): Operation => ({
  ...record,
  status,
  code: status === "succeeded" ? undefined : (code ?? "directoryRefused"),
  detail,
  agent,
  server: directory?.server,
  keyVersionBefore: directory?.keyVersionBefore,
  keyVersionAfter: directory?.keyVersionAfter,
  late: true,
  lastActionAt: now,
});

import { randomUUID } from "node:crypto";
import { sealRequest } from "@password-writeback/protocol/envelope.ts";
import type { Outcome } from "@password-writeback/protocol/outcome.ts";
import { within } from "@password-writeback/protocol/within.ts";
import { trailOf } from "../audit/trailOf.ts";
import type { ApiCall } from "../http/apiCall.ts";
import type { Parts } from "../parts.ts";
import type { Operation } from "../records/operation.ts";
import type { Intent } from "./intent.ts";
import { join } from "./join.ts";
import { type Ground, recipients } from "./liveAgents.ts";
import { type Registered, register } from "./register.ts";
import { type Earlier, repeatedBy } from "./repeats.ts";
import { requestClaims } from "./requestClaims.ts";
import { sendAndOpen } from "./sendAndOpen.ts";

/** Milliseconds that a caller waits for a verdict to be recorded, or to be found in the records. */
const RECORD_MS = 2_000;

/** How a call ended. */
export interface Result {
  readonly operation: Operation;
  /** Whether an earlier call's operation is reported, and nothing was executed now. */
  readonly replayed: boolean;
}

/**
 * The one path of every operation: repeat? → ready? → write down and seal → send → wait → open →
 * record. Resolves with an operation that is still `running` where the outcome is unknown.
 * @throws ApiError where nothing was sent
 */
export async function writeBack(
  intent: Intent,
  ground: Ground,
  earlier: Earlier,
  call: ApiCall,
  parts: Parts,
): Promise<Result> {
  const repeated = repeatedBy(earlier, intent);
  if (repeated !== undefined) return replay(repeated, call, parts);
  if (intent.operation !== "probe") parts.brake.check(ground.stoppedUntil);

  const agents = recipients(ground, intent.connector, parts.now());
  const identity = await parts.instanceKey.identity(ground.trust.list);
  const record = newOperation(intent, call, parts);
  const claims = requestClaims(record, intent, call, parts.tenantId);
  // While the tables answer; one that is refused there is never sent.
  const sealing = sealRequest(claims, identity, agents);
  sealing.catch(() => {});
  const registered = await register(record, call, intent, earlier.names, parts);
  if (registered.repeats !== undefined) return replay(registered.repeats, call, parts);
  if (intent.operation === "reset") parts.brake.count();

  const send = async () => {
    try {
      const wait = call.arrivedAt + parts.totalWait - parts.now();
      return await sendAndOpen(claims, await sealing, wait, parts.relay, call.log);
    } catch (error) {
      // Here and nowhere else: whatever fails from now on, the request was sent.
      await registered.release().catch(() => {});
      throw error;
    }
  };
  const concluded = send().then((outcome) => conclude(record, outcome, registered, call, parts));
  parts.running.track(record.id, concluded);
  return { operation: await concluded, replayed: false };
}

async function replay(id: string, call: ApiCall, parts: Parts): Promise<Result> {
  const operation = await join(id, call, parts);
  call.trail.note({ ...trailOf(operation), replayed: true });
  return { operation, replayed: true };
}

function newOperation(intent: Intent, call: ApiCall, parts: Parts): Operation {
  const createdAt = parts.now();
  return {
    id: randomUUID(),
    operation: intent.operation,
    origin: intent.origin,
    callerId: call.caller.id,
    callerKind: call.caller.kind,
    callerName: call.caller.name,
    application: call.caller.application,
    tokenId: call.caller.tokenId,
    address: call.address,
    clientRequestId: call.ids.clientRequestId,
    targetId: intent.target?.id ?? "",
    targetName: intent.target?.userPrincipalName,
    connector: intent.connector,
    trackingId: call.ids.requestId,
    status: "running",
    proof: intent.proof,
    createdAt,
    lastActionAt: createdAt,
    deadline: call.arrivedAt + parts.writeStart,
  };
}

/** An operation as it is kept now, or as it was known where that cannot be read in time. */
async function asRecorded(record: Operation, { operations }: Parts): Promise<Operation> {
  const found = await within(RECORD_MS, operations.find(record.id)).catch(() => undefined);
  return found ?? record;
}

const notSettled = ({ id }: Operation, { log }: ApiCall): void =>
  log.error("throttleNotSettled", { operationId: id });

/** The caller is told the truth even where it could not be recorded. */
async function conclude(
  record: Operation,
  outcome: Outcome | undefined,
  registered: Registered,
  call: ApiCall,
  parts: Parts,
): Promise<Operation> {
  const status = outcome?.status ?? "unknown";
  call.log.info("operation", {
    requestId: call.ids.requestId,
    operationId: record.id,
    operation: record.operation,
    origin: record.origin,
    callerId: record.callerId,
    targetId: record.targetId,
    connector: record.connector,
    agent: outcome?.agent,
    status,
    code: outcome?.code,
    ...outcome?.directory,
    proof: record.proof,
    milliseconds: parts.now() - call.arrivedAt,
  });
  const settled = outcome === undefined ? undefined : registered.settle(outcome);
  // It counts on where that fails, which is safe.
  const drawn = settled && within(RECORD_MS, settled).catch(() => notSettled(record, call));
  // Another instance may have heard the truth while this one waited.
  if (outcome === undefined || status === "unknown") {
    const recorded = await asRecorded(record, parts);
    const { agent = outcome?.agent, server = outcome?.directory?.server } = recorded;
    call.trail.conclude({ ...trailOf(recorded), agent, server });
    return recorded;
  }
  const { code, detail, agent, directory } = outcome;
  const concluded: Operation = {
    ...record,
    status: outcome.status === "succeeded" ? "succeeded" : "failed",
    code: outcome.status === "succeeded" ? undefined : (code ?? "directoryRefused"),
    detail,
    agent,
    server: directory?.server,
    keyVersionBefore: directory?.keyVersionBefore,
    keyVersionAfter: directory?.keyVersionAfter,
    lastActionAt: parts.now(),
  };
  // Written beside the outcome; the call waits for both.
  call.trail.conclude(trailOf(concluded));
  const notRecorded = () => call.log.error("outcomeNotRecorded", { operationId: record.id });
  const recorded = parts.operations.conclude(concluded).then(() => {
    // The caller need not wait for it: the next operation displaces one that has ended, and its
    // row in the index goes when the agent is asked for it.
    registered.end().catch(() => {});
  });
  await Promise.all([within(RECORD_MS, recorded).catch(notRecorded), drawn]);
  return concluded;
}

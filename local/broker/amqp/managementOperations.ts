import type { Right } from "../authorisation.ts";
import { BrokerError } from "../brokerError.ts";
import type { Queue } from "../engine/queue.ts";
import type { Settlement } from "../engine/settlement.ts";
import { fromAmqp, toAmqp } from "./content.ts";
import { uuidBytes, uuidText } from "./lockToken.ts";
import { codec, types } from "./rhea.ts";
import { asList, fromLong, longs, timestamps } from "./values.ts";

type Body = Readonly<Record<string, unknown>>;
type Result = Body | "nothing" | undefined;

interface Operation {
  readonly right: Right;
  readonly run: (queue: Queue, body: Body) => Result;
}

const RECEIVE_AND_DELETE = 0;

const lockTokens = (body: Body): string[] =>
  asList(body["lock-tokens"]).map((token) => uuidText(token as Buffer));
const sequenceNumbers = (body: Body): number[] => asList(body["sequence-numbers"]).map(fromLong);
const sessionId = (body: Body): string => String(body["session-id"]);
const optional = <K extends string>(key: K, value: unknown): { readonly [P in K]?: string } =>
  (typeof value === "string" ? { [key]: value } : {}) as { readonly [P in K]?: string };

function settlementOf(body: Body): Settlement {
  const properties = (body["properties-to-modify"] ?? {}) as Record<string, unknown>;
  switch (body["disposition-status"]) {
    case "completed":
      return { kind: "complete" };
    case "abandoned":
      return { kind: "abandon", properties };
    case "defered":
      return { kind: "defer", properties };
    case "suspended":
      return {
        kind: "deadLetter",
        ...optional("reason", body["deadletter-reason"]),
        ...optional("description", body["deadletter-description"]),
        properties,
      };
    default:
      throw new BrokerError("amqp:not-implemented", "Unknown disposition.");
  }
}

function scheduleMessages(queue: Queue, body: Body): Result {
  const entries = asList(body.messages) as { message: Buffer }[];
  const messages = entries.map((entry) => fromAmqp(codec.decode(entry.message)));
  return { "sequence-numbers": longs(queue.enqueue(messages)) };
}

function peekMessages(queue: Queue, body: Body): Result {
  const id = body["session-id"];
  const found = queue.peek(
    fromLong(body["from-sequence-number"]),
    Number(body["message-count"]),
    typeof id === "string" ? id : undefined,
  );
  if (found.length === 0) return "nothing";
  return { messages: found.map((stored) => ({ message: toAmqp(stored, undefined) })) };
}

function receiveDeferred(queue: Queue, body: Body): Result {
  const peekLock = body["receiver-settle-mode"] !== RECEIVE_AND_DELETE;
  const found = queue.receiveDeferred(sequenceNumbers(body), peekLock);
  return {
    messages: found.map(({ stored, lock }) => ({
      message: toAmqp(stored, lock),
      ...(lock ? { "lock-token": types.wrap_uuid(uuidBytes(lock.token)) } : {}),
    })),
  };
}

/** What a queue's `$management` node can do, and the right that each needs. */
export const operations: Readonly<Record<string, Operation>> = {
  "com.microsoft:renew-lock": {
    right: "listen",
    run: (queue, body) => ({
      expirations: timestamps(lockTokens(body).map((token) => queue.renewLock(token))),
    }),
  },
  "com.microsoft:renew-session-lock": {
    right: "listen",
    run: (queue, body) => ({ expiration: new Date(queue.renewSession(sessionId(body))) }),
  },
  "com.microsoft:get-session-state": {
    right: "listen",
    run: (queue, body) => ({ "session-state": queue.sessionState(sessionId(body)) ?? null }),
  },
  "com.microsoft:set-session-state": {
    right: "listen",
    run: (queue, body) => {
      const state = body["session-state"];
      queue.setSessionState(sessionId(body), Buffer.isBuffer(state) ? state : undefined);
      return undefined;
    },
  },
  "com.microsoft:schedule-message": { right: "send", run: scheduleMessages },
  "com.microsoft:cancel-scheduled-message": {
    right: "send",
    run: (queue, body) => {
      for (const number of sequenceNumbers(body)) queue.cancelScheduled(number);
      return undefined;
    },
  },
  "com.microsoft:peek-message": { right: "listen", run: peekMessages },
  "com.microsoft:receive-by-sequence-number": { right: "listen", run: receiveDeferred },
  "com.microsoft:update-disposition": {
    right: "listen",
    run: (queue, body) => {
      for (const token of lockTokens(body)) queue.settle(token, settlementOf(body));
      return undefined;
    },
  },
};

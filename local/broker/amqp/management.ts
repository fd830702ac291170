import { BrokerError } from "../brokerError.ts";
import type { BrokerConnection, BrokerLink } from "./brokerConnection.ts";
import { operations } from "./managementOperations.ts";
import { type AmqpMessage, types } from "./rhea.ts";

const OK = 200;
const NO_CONTENT = 204;
const BAD_REQUEST = 400;

const STATUS: Readonly<Record<string, number>> = {
  "amqp:unauthorized-access": 401,
  "amqp:not-found": 404,
  "com.microsoft:message-not-found": 404,
  "com.microsoft:message-lock-lost": 410,
  "com.microsoft:session-lock-lost": 410,
  "com.microsoft:server-busy": 503,
  "amqp:not-implemented": 501,
};

/** Answers one request to a queue's `$management` node. */
export function manage(
  connection: BrokerConnection,
  { text, address }: BrokerLink,
  request: AmqpMessage,
): void {
  const { queues, faults } = connection.edge;
  const name = String(request.application_properties?.operation);
  const answer = (code: number, description: string, condition?: string, body?: unknown): void =>
    connection.replies.answer(
      request,
      {
        statusCode: types.wrap_int(code),
        statusDescription: description,
        ...(condition ? { errorCondition: types.wrap_symbol(condition) } : {}),
      },
      body,
    );
  const fault = faults.management?.(text, name);
  if (fault === "ignore") return;
  try {
    if (fault) throw new BrokerError(fault.condition, fault.description);
    const operation = operations[name];
    if (!operation) throw new BrokerError("amqp:not-implemented", `No operation '${name}'.`);
    connection.grants.check(queues.nameOf(address), operation.right);
    const result = operation.run(queues.find(address), bodyOf(request));
    if (result === "nothing") answer(NO_CONTENT, "No Content");
    else answer(OK, "OK", undefined, result);
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    answer(STATUS[error.condition] ?? BAD_REQUEST, error.message, error.condition);
  }
}

const bodyOf = ({ body }: AmqpMessage): Readonly<Record<string, unknown>> =>
  typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};

import type { VerifiedToken } from "../authorisation.ts";
import type { BrokerConnection } from "./brokerConnection.ts";
import { type AmqpMessage, types } from "./rhea.ts";

const TOKEN_TYPE = "jwt";

/**
 * Claims-based security (the `$cbs` node): a client shows a token for a queue before it opens
 * links to it. Only JWTs are taken. The token appears in no text.
 */
export async function putToken(connection: BrokerConnection, request: AmqpMessage): Promise<void> {
  const { verifyToken, clock, faults, onInternalError } = connection.edge;
  const { operation, type, name } = request.application_properties ?? {};
  const audience = String(name);
  const answer = (code: number, description: string, condition?: string): void =>
    connection.replies.answer(request, {
      "status-code": types.wrap_int(code),
      "status-description": description,
      ...(condition ? { "error-condition": types.wrap_symbol(condition) } : {}),
    });
  const refuse = (why: string): void => answer(401, why, "amqp:unauthorized-access");

  const fault = faults.putToken?.(audience);
  if (fault === "ignore") return;
  if (fault) return answer(401, fault.description, fault.condition);
  if (operation !== "put-token") return answer(400, "Only put-token is known.", "amqp:not-allowed");
  if (type !== TOKEN_TYPE) return refuse("InvalidToken: only tokens of the type jwt are accepted.");
  if (typeof request.body !== "string") return refuse("InvalidToken: there is no token.");
  let verified: VerifiedToken | undefined;
  try {
    verified = await verifyToken(request.body, audience);
  } catch (error) {
    onInternalError(error);
    return answer(500, "The token could not be checked.", "amqp:internal-error");
  }
  if (!verified) return refuse("InvalidToken: the token is not valid for this resource.");
  if (verified.expiresAt <= clock.now()) return refuse("ExpiredToken: the token has expired.");
  connection.grants.add(audience, verified);
  answer(202, "Accepted");
}

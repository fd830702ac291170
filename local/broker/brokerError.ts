/** A refusal that a client is told: an AMQP error condition with its description. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
  /** For example `amqp:not-found`. */
  readonly condition: string;

  constructor(condition: string, description: string) {
    super(description);
    this.condition = condition;
  }
}

/** An error's wire form, as links, connections and rejected outcomes carry it. */
export const amqpError = (error: BrokerError): { condition: string; description: string } => ({
  condition: error.condition,
  description: error.message,
});

export const messageLockLost = (): BrokerError =>
  new BrokerError(
    "com.microsoft:message-lock-lost",
    "The lock supplied is invalid: it expired, or the message is no longer in the queue.",
  );

export const sessionLockLost = (id: string): BrokerError =>
  new BrokerError(
    "com.microsoft:session-lock-lost",
    `The lock on the session '${id}' has expired. Accept the session again.`,
  );

export const sessionCannotBeLocked = (id: string): BrokerError =>
  new BrokerError(
    "com.microsoft:session-cannot-be-locked",
    `The session '${id}' cannot be accepted: another receiver holds it.`,
  );

export const messageNotFound = (sequenceNumber: number): BrokerError =>
  new BrokerError(
    "com.microsoft:message-not-found",
    `There is no such message with the sequence number ${sequenceNumber}.`,
  );

export const entityNotFound = (address: string): BrokerError =>
  new BrokerError("amqp:not-found", `The messaging entity '${address}' could not be found.`);

export const notAllowed = (description: string): BrokerError =>
  new BrokerError("amqp:not-allowed", description);

export const unauthorizedAccess = (description: string): BrokerError =>
  new BrokerError("amqp:unauthorized-access", description);

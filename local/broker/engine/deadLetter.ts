import type { Message } from "./message.ts";

/** Why a message was dead-lettered; both are optional for a receiver. */
export interface DeadLetterReason {
  readonly reason?: string;
  readonly description?: string;
}

/** The message as it is put into the dead-letter queue: with its reason, without an end. */
export function deadLetterOf(message: Message, source: string, why: DeadLetterReason): Message {
  const { timeToLiveMs: _, scheduledFor: __, ...kept } = message;
  return {
    ...kept,
    deadLetterSource: source,
    applicationProperties: {
      ...message.applicationProperties,
      ...(why.reason === undefined ? {} : { DeadLetterReason: why.reason }),
      ...(why.description === undefined ? {} : { DeadLetterErrorDescription: why.description }),
    },
  };
}

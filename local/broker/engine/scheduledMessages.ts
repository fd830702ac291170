import { messageNotFound } from "../brokerError.ts";
import type { Cancel, Clock } from "../clock.ts";
import type { StoredMessage } from "./message.ts";

/** Messages that are not to be delivered yet. */
export class ScheduledMessages {
  private readonly clock: Clock;
  private readonly onDue: (stored: StoredMessage) => void;
  private readonly waiting = new Map<number, { stored: StoredMessage; cancel: Cancel }>();

  constructor(clock: Clock, onDue: (stored: StoredMessage) => void) {
    this.clock = clock;
    this.onDue = onDue;
  }

  get size(): number {
    return this.waiting.size;
  }

  /** `at` in milliseconds since 1970. */
  add(stored: StoredMessage, at: number): void {
    const { sequenceNumber } = stored;
    const cancel = this.clock.setTimer(at - this.clock.now(), () => {
      this.waiting.delete(sequenceNumber);
      this.onDue(stored);
    });
    this.waiting.set(sequenceNumber, { stored, cancel });
  }

  /** Throws `message-not-found` if it is not there, or no longer. */
  cancel(sequenceNumber: number): void {
    const entry = this.waiting.get(sequenceNumber);
    if (!entry) throw messageNotFound(sequenceNumber);
    entry.cancel();
    this.waiting.delete(sequenceNumber);
  }

  messages(): StoredMessage[] {
    return [...this.waiting.values()].map((entry) => entry.stored);
  }

  stop(): void {
    for (const entry of this.waiting.values()) entry.cancel();
  }
}

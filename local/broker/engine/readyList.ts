import type { StoredMessage } from "./message.ts";

/** Messages that wait for a receiver, by sequence number. */
export class ReadyList implements Iterable<StoredMessage> {
  private entries: StoredMessage[] = [];

  get length(): number {
    return this.entries.length;
  }

  /** A new message goes to the end; one that comes back takes its old place. */
  add(stored: StoredMessage): void {
    let at = this.entries.length;
    while (at > 0 && this.entries[at - 1]!.sequenceNumber > stored.sequenceNumber) at--;
    if (at === this.entries.length) this.entries.push(stored);
    else this.entries.splice(at, 0, stored);
  }

  shift(): StoredMessage | undefined {
    return this.entries.shift();
  }

  /** Takes out what has expired by `now`, and returns it. */
  takeExpired(now: number): StoredMessage[] {
    const expired = this.entries.filter((stored) => stored.expiresAt <= now);
    if (expired.length > 0) {
      this.entries = this.entries.filter((stored) => stored.expiresAt > now);
    }
    return expired;
  }

  [Symbol.iterator](): Iterator<StoredMessage> {
    return this.entries[Symbol.iterator]();
  }
}

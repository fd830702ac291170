import type { Receiver } from "./receiver.ts";

/** The receivers of a queue without sessions; they take turns. */
export class Receivers {
  private turn: Receiver[] = [];

  add(receiver: Receiver): void {
    this.turn.push(receiver);
  }

  remove(receiver: Receiver): void {
    this.turn = this.turn.filter((other) => other !== receiver);
  }

  /** The next one in turn that can take a message. */
  next(): Receiver | undefined {
    for (let tries = this.turn.length; tries > 0; tries--) {
      const receiver = this.turn.shift()!;
      this.turn.push(receiver);
      if (receiver.credit() > 0) return receiver;
    }
    return undefined;
  }
}

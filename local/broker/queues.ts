import type { QueueDescription } from "../../protocol/queues.ts";
import type { Address } from "./amqp/address.ts";
import { entityNotFound } from "./brokerError.ts";
import type { Clock } from "./clock.ts";
import { Queue } from "./engine/queue.ts";
import { settingsOf } from "./engine/queueSettings.ts";

/** The broker's queues by name. */
export class Queues {
  private readonly byName: ReadonlyMap<string, Queue>;

  constructor(descriptions: readonly QueueDescription[], clock: Clock) {
    this.byName = new Map(
      descriptions.map((each) => [each.name.toLowerCase(), new Queue(settingsOf(each), clock)]),
    );
  }

  /** The name as it was described; that of the address if there is no such queue. */
  nameOf(address: Address): string {
    return this.byName.get(address.queue)?.settings.name ?? address.queue;
  }

  /** Throws `amqp:not-found`. */
  find(address: Address): Queue {
    const queue = this.byName.get(address.queue);
    const found = address.deadLetters ? queue?.deadLetters : queue;
    if (!found) throw entityNotFound(address.queue);
    return found;
  }

  stop(): void {
    for (const queue of this.byName.values()) queue.stop();
  }
}

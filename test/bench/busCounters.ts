import type { Broker } from "../../local/broker/startBroker.ts";
import { CONNECTOR } from "../../local/samples.ts";
import { REPLIES_QUEUE_NAME, requestsQueueName } from "../../protocol/queues.ts";

/** What goes over the bus while operations are measured, by the broker's own count. */
export class BusCounters {
  private readonly broker: Broker;
  private messages = 0;
  private bodyBytes = 0;
  private wireBytes = 0;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** Counts what goes over the bus during some work. */
  async during(work: () => Promise<void>): Promise<void> {
    const [messages, wireBytes] = [this.enqueued(), this.traffic()];
    await work();
    this.messages += this.enqueued() - messages;
    this.wireBytes += this.traffic() - wireBytes;
  }

  addBodies(...bodies: readonly Uint8Array[]): void {
    for (const body of bodies) this.bodyBytes += body.byteLength;
  }

  reset(): void {
    this.messages = 0;
    this.bodyBytes = 0;
    this.wireBytes = 0;
  }

  perOperation(operations: number) {
    return {
      messagesPerOperation: this.messages / operations,
      bodyBytesPerOperation: this.bodyBytes / operations,
      wireBytesPerOperation: this.wireBytes / operations,
    };
  }

  private enqueued(): number {
    return [requestsQueueName(CONNECTOR), REPLIES_QUEUE_NAME].reduce(
      (sum, name) => sum + this.broker.queue(name).stats.enqueued,
      0,
    );
  }

  private traffic(): number {
    return this.broker.traffic.received + this.broker.traffic.sent;
  }
}

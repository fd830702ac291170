import type { AmqpError } from "./amqp/rhea.ts";

/**
 * What a hook makes the broker do instead of its work: refuse with this error, or not answer at
 * all. Undefined: nothing.
 */
export type Fault = AmqpError | "ignore" | undefined;

/** Questions the broker asks before it does something; for tests of what goes wrong. */
export interface FaultHooks {
  putToken?: ((audience: string) => Fault) | undefined;
  attach?: ((address: string, client: "sends" | "receives") => Fault) | undefined;
  /** `unacknowledged`: the message is stored, and the sender is never told. */
  transfer?: ((address: string) => Fault | "unacknowledged") | undefined;
  disposition?: ((address: string) => Fault) | undefined;
  management?: ((address: string, operation: string) => Fault) | undefined;
}

/** Ways to make the broker or the network fail. Hooks are set by assignment and stay set. */
export interface Faults extends FaultHooks {
  /** While true, sockets are cut as soon as they are accepted. */
  refuseConnections: boolean;
  /** Cuts every connection without a word, as a network failure does. */
  dropConnections(): void;
  /** Ends every connection with an AMQP close, as the service does when it moves a namespace. */
  closeConnections(error: AmqpError): void;
  /** Detaches every link whose address matches. */
  detach(address: RegExp, error: AmqpError): void;
  /**
   * The connections of this moment get no answer any more, not even to pings, and nothing is read
   * from them, though their sockets stay open. The function that is returned cuts them.
   */
  silence(): () => void;
}

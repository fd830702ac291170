import type { BrokerError } from "../brokerError.ts";
import type { Lock } from "./locks.ts";
import type { StoredMessage } from "./message.ts";

/** One receiving link, as the engine sees it. */
export interface Receiver {
  /** False: what is delivered is gone (receive and delete). */
  readonly peekLock: boolean;
  /** How many messages it can take now. */
  credit(): number;
  deliver(stored: StoredMessage, lock: Lock | undefined): void;
  /** The broker ends the link. */
  close(error: BrokerError): void;
}

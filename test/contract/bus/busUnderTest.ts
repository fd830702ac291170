import type { TokenCredential } from "@azure/service-bus";

/**
 * Who talks to the bus. `owner` may do everything in the namespace, `sender` and `listener` one
 * thing on every queue, `stranger` has a good token and no right; the tokens of `expired` and
 * `forged` are to be refused.
 */
export type Who = "owner" | "sender" | "listener" | "stranger" | "expired" | "forged";

/** A bus that has the queues of `suiteQueues`: the local broker or a real namespace. */
export interface BusUnderTest {
  /** For example `contoso.servicebus.windows.net`. */
  readonly namespace: string;
  /** Set: dialled in place of the namespace. */
  readonly customEndpointAddress?: string;
  /** PEM of a certificate authority that the machine does not know. */
  readonly ca?: string;
  credential(who: Who): TokenCredential;
  stop(): Promise<void>;
}

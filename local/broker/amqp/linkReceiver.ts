import { amqpError, type BrokerError } from "../brokerError.ts";
import type { Lock } from "../engine/locks.ts";
import type { StoredMessage } from "../engine/message.ts";
import type { Receiver } from "../engine/receiver.ts";
import { toAmqp } from "./content.ts";
import { deliveryTag } from "./lockToken.ts";
import type { Sender } from "./rhea.ts";

const SEND_SETTLED = 1;
const PLAIN_FORMAT = 0;

/** A client's receiving link as the engine's receiver. */
export class LinkReceiver implements Receiver {
  readonly peekLock: boolean;
  private readonly link: Sender;

  constructor(link: Sender) {
    this.link = link;
    this.peekLock = link.remote.attach.snd_settle_mode !== SEND_SETTLED;
  }

  credit(): number {
    const { outgoing } = this.link.session;
    if (!this.link.is_open() || outgoing.available() === 0) return 0;
    // rhea lowers a link's credit when a transfer is written, not when it is queued.
    return this.link.credit - (outgoing.next_delivery_id - outgoing.next_pending_delivery);
  }

  deliver(stored: StoredMessage, lock: Lock | undefined): void {
    const tag = lock && deliveryTag(lock.token);
    const delivery = this.link.send(toAmqp(stored, lock), tag, PLAIN_FORMAT);
    if (lock) delivery.lockToken = lock.token;
  }

  close(error: BrokerError): void {
    this.link.close(amqpError(error));
  }
}

import type { AmqpMessage, Sender } from "./rhea.ts";

/** The links of one connection on which answers of `$cbs` and `$management` leave. */
export class ReplyLinks {
  /** By link name and by target address: clients use either as `reply-to`. */
  private readonly byName = new Map<string, Sender>();

  add(link: Sender): void {
    this.byName.set(link.name, link);
    if (link.target?.address) this.byName.set(link.target.address, link);
  }

  remove(link: Sender): void {
    for (const [name, known] of this.byName) if (known === link) this.byName.delete(name);
  }

  /** Answers a request; in vain if its reply link is gone. */
  answer(
    request: AmqpMessage,
    properties: Readonly<Record<string, unknown>>,
    body: unknown = null,
  ): void {
    const link = this.byName.get(request.reply_to ?? "");
    if (!link?.is_open()) return;
    const reply: AmqpMessage = { application_properties: { ...properties }, body };
    if (request.message_id !== undefined) reply.correlation_id = request.message_id;
    // Pre-settled: rhea keeps a delivery until both sides have settled it, and this client never
    // does, so the link would stop at the 2048th.
    link.send(reply).settled = true;
  }
}

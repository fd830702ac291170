import { queueOfAudience } from "./amqp/address.ts";
import type { MayUse, Right, VerifiedToken } from "./authorisation.ts";
import { unauthorizedAccess } from "./brokerError.ts";
import type { Cancel, Clock } from "./clock.ts";

/** The tokens that one connection has shown, by queue. */
export class Grants {
  private readonly clock: Clock;
  private readonly mayUse: MayUse;
  private readonly onExpired: () => void;
  private readonly byQueue = new Map<string, VerifiedToken>();
  private cancel: Cancel | undefined;
  private stopped = false;

  /** `onExpired` is called whenever a token's time is over. */
  constructor(clock: Clock, mayUse: MayUse, onExpired: () => void) {
    this.clock = clock;
    this.mayUse = mayUse;
    this.onExpired = onExpired;
  }

  /** Notes a verified token; a later one for the same queue takes its place. */
  add(audience: string, token: VerifiedToken): void {
    const queue = queueOfAudience(audience);
    if (queue === undefined || this.stopped) return;
    this.byQueue.set(queue, token);
    this.arm();
  }

  /** Is there a token for this queue whose time is not over? */
  isLive(queue: string): boolean {
    return this.subject(queue.toLowerCase()) !== undefined;
  }

  /** Throws `amqp:unauthorized-access` unless one of the rights is there. */
  check(queue: string, ...rights: readonly Right[]): void {
    const subject = this.subject(queue.toLowerCase());
    if (subject !== undefined && rights.some((right) => this.mayUse(subject, queue, right))) return;
    throw unauthorizedAccess(
      `Unauthorized access. '${rights.join("' or '")}' is required for the queue '${queue}'.`,
    );
  }

  /** The connection is gone. */
  stop(): void {
    this.stopped = true;
    this.cancel?.();
  }

  private subject(queue: string): string | undefined {
    const now = this.clock.now();
    for (const key of [queue, ""]) {
      const token = this.byQueue.get(key);
      if (token && token.expiresAt > now) return token.subject;
    }
    return undefined;
  }

  private arm(): void {
    this.cancel?.();
    const next = Math.min(...[...this.byQueue.values()].map((token) => token.expiresAt));
    if (!Number.isFinite(next)) return;
    this.cancel = this.clock.setTimer(next - this.clock.now(), () => this.expire());
  }

  private expire(): void {
    const now = this.clock.now();
    for (const [queue, token] of this.byQueue) {
      if (token.expiresAt <= now) this.byQueue.delete(queue);
    }
    this.onExpired();
    this.arm();
  }
}

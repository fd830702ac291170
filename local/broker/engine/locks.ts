import { randomUUID } from "node:crypto";
import { messageLockLost, notAllowed } from "../brokerError.ts";
import type { Cancel, Clock } from "../clock.ts";
import type { StoredMessage } from "./message.ts";
import type { Session } from "./sessions.ts";

/** The right of one receiver to settle one message. */
export interface Lock {
  /** UUID text. */
  readonly token: string;
  readonly stored: StoredMessage;
  /** Set: the lock lasts as long as the session's. */
  readonly session: Session | undefined;
  /** Milliseconds since 1970. */
  until: number;
  cancel: Cancel | undefined;
}

/** The message locks of one queue. */
export class Locks {
  private readonly clock: Clock;
  private readonly lockMs: number;
  private readonly onExpired: (lock: Lock) => void;
  private readonly byToken = new Map<string, Lock>();

  constructor(clock: Clock, lockMs: number, onExpired: (lock: Lock) => void) {
    this.clock = clock;
    this.lockMs = lockMs;
    this.onExpired = onExpired;
  }

  get size(): number {
    return this.byToken.size;
  }

  take(stored: StoredMessage, session: Session | undefined): Lock {
    const until = session ? session.lockedUntil : this.clock.now() + this.lockMs;
    const lock: Lock = { token: randomUUID(), stored, session, until, cancel: undefined };
    this.byToken.set(lock.token, lock);
    if (!session) this.arm(lock);
    return lock;
  }

  /** Gives the lock up. Throws `message-lock-lost` if it is not held. */
  release(token: string): Lock {
    const lock = this.held(token);
    lock.cancel?.();
    this.byToken.delete(token);
    return lock;
  }

  /** Gives up every lock taken under a session. */
  releaseSession(session: Session): Lock[] {
    const locks = [...this.byToken.values()].filter((lock) => lock.session === session);
    for (const lock of locks) this.byToken.delete(lock.token);
    return locks;
  }

  /** Returns the lock's new end. Throws `message-lock-lost` if it is not held. */
  renew(token: string): number {
    const lock = this.held(token);
    if (lock.session) throw notAllowed("A message of a session is held by the session's lock.");
    lock.cancel?.();
    lock.until = this.clock.now() + this.lockMs;
    this.arm(lock);
    return lock.until;
  }

  /** Ends every lock now, as if its time were over; those of sessions last as long as these. */
  expire(): void {
    const over = [...this.byToken.values()].filter(({ session }) => session === undefined);
    for (const lock of over) {
      lock.cancel?.();
      this.byToken.delete(lock.token);
      this.onExpired(lock);
    }
  }

  messages(): StoredMessage[] {
    return [...this.byToken.values()].map((lock) => lock.stored);
  }

  stop(): void {
    for (const lock of this.byToken.values()) lock.cancel?.();
  }

  private held(token: string): Lock {
    const lock = this.byToken.get(token);
    if (!lock) throw messageLockLost();
    return lock;
  }

  private arm(lock: Lock): void {
    lock.cancel = this.clock.setTimer(lock.until - this.clock.now(), () => {
      this.byToken.delete(lock.token);
      this.onExpired(lock);
    });
  }
}

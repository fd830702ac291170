import { sessionCannotBeLocked, sessionLockLost } from "../brokerError.ts";
import type { Cancel, Clock } from "../clock.ts";
import { ReadyList } from "./readyList.ts";
import type { Receiver } from "./receiver.ts";

/** The messages of one session id, and who holds them. */
export interface Session {
  readonly id: string;
  readonly ready: ReadyList;
  receiver: Receiver | undefined;
  /** Milliseconds since 1970; meaningful while there is a receiver. */
  lockedUntil: number;
  /** What a receiver left for the next one; kept until cleared. */
  state: Buffer | undefined;
  cancel: Cancel | undefined;
}

/** The sessions of one queue and their locks. */
export class Sessions {
  private readonly clock: Clock;
  private readonly lockMs: number;
  private readonly onExpired: (session: Session, receiver: Receiver) => void;
  private readonly byId = new Map<string, Session>();
  private readonly byReceiver = new Map<Receiver, Session>();

  constructor(
    clock: Clock,
    lockMs: number,
    onExpired: (session: Session, receiver: Receiver) => void,
  ) {
    this.clock = clock;
    this.lockMs = lockMs;
    this.onExpired = onExpired;
  }

  /** The session of this id, made at need. */
  of(id: string): Session {
    const known = this.byId.get(id);
    if (known) return known;
    const session: Session = {
      id,
      ready: new ReadyList(),
      receiver: undefined,
      lockedUntil: 0,
      state: undefined,
      cancel: undefined,
    };
    this.byId.set(id, session);
    return session;
  }

  heldBy(receiver: Receiver): Session | undefined {
    return this.byReceiver.get(receiver);
  }

  /** Throws `session-lock-lost` if nobody holds it. */
  held(id: string): Session {
    const session = this.byId.get(id);
    if (!session?.receiver) throw sessionLockLost(id);
    return session;
  }

  /** Throws `session-cannot-be-locked` if another receiver holds it. */
  lock(id: string, receiver: Receiver): Session {
    const session = this.of(id);
    if (session.receiver) throw sessionCannotBeLocked(id);
    session.receiver = receiver;
    this.byReceiver.set(receiver, session);
    this.renew(id);
    return session;
  }

  /** Returns the lock's new end. Throws `session-lock-lost` if nobody holds it. */
  renew(id: string): number {
    const session = this.held(id);
    session.cancel?.();
    session.lockedUntil = this.clock.now() + this.lockMs;
    session.cancel = this.clock.setTimer(this.lockMs, () => {
      const receiver = session.receiver;
      if (receiver) this.onExpired(session, receiver);
    });
    return session.lockedUntil;
  }

  unlock(session: Session): void {
    session.cancel?.();
    if (session.receiver) this.byReceiver.delete(session.receiver);
    session.receiver = undefined;
  }

  /** Drops a session of which nothing is left. */
  forgetIfEmpty(session: Session): void {
    if (!session.receiver && session.ready.length === 0 && !session.state) {
      this.byId.delete(session.id);
    }
  }

  all(): Session[] {
    return [...this.byId.values()];
  }

  stop(): void {
    for (const session of this.byId.values()) session.cancel?.();
  }
}

import { messageNotFound, notAllowed, sessionLockLost } from "../brokerError.ts";
import type { Clock } from "../clock.ts";
import { type DeadLetterReason, deadLetterOf } from "./deadLetter.ts";
import { DuplicateHistory } from "./duplicateHistory.ts";
import { ExpiryTimer } from "./expiryTimer.ts";
import { type Lock, Locks } from "./locks.ts";
import type { Message, StoredMessage } from "./message.ts";
import { deadLetterSettings, type QueueSettings } from "./queueSettings.ts";
import { ReadyList } from "./readyList.ts";
import type { Receiver } from "./receiver.ts";
import { Receivers } from "./receivers.ts";
import { ScheduledMessages } from "./scheduledMessages.ts";
import { type Session, Sessions } from "./sessions.ts";
import type { Settlement } from "./settlement.ts";
import { noStatistics, type Statistics } from "./statistics.ts";

/**
 * One queue with the semantics of Azure Service Bus, and without AMQP. A message is at any moment
 * in exactly one place: ready, locked, scheduled, deferred, or gone (completed, expired,
 * dead-lettered).
 */
export class Queue {
  readonly settings: QueueSettings;
  readonly stats: Statistics = noStatistics();
  /** Undefined for a queue that is one itself. */
  readonly deadLetters: Queue | undefined;
  private readonly clock: Clock;
  private readonly ready = new ReadyList();
  private readonly receivers = new Receivers();
  private readonly sessions: Sessions;
  private readonly locks: Locks;
  private readonly scheduled: ScheduledMessages;
  private readonly deferred = new Map<number, StoredMessage>();
  private readonly history: DuplicateHistory;
  private readonly expiry: ExpiryTimer;
  private nextSequenceNumber = 1;

  constructor(settings: QueueSettings, clock: Clock, kind: "main" | "deadLetters" = "main") {
    this.settings = settings;
    this.clock = clock;
    this.sessions = new Sessions(clock, settings.lockMs, (session, receiver) => {
      this.stats.locksExpired++;
      this.releaseSession(session, "failed");
      receiver.close(sessionLockLost(session.id));
    });
    this.locks = new Locks(clock, settings.lockMs, (lock) => {
      this.stats.locksExpired++;
      this.giveBack(lock.stored, "failed");
    });
    this.scheduled = new ScheduledMessages(clock, (stored) => {
      stored.sequenceNumber = this.nextSequenceNumber++;
      this.activate(stored);
    });
    this.history = new DuplicateHistory(clock, settings.duplicateWindowMs);
    this.expiry = new ExpiryTimer(clock, (now) => this.sweep(now));
    this.deadLetters =
      kind === "main" ? new Queue(deadLetterSettings(settings), clock, "deadLetters") : undefined;
  }

  /**
   * Takes one message or a batch, whole or not at all. Returns the sequence numbers; a duplicate
   * gets one too, though it is dropped.
   */
  enqueue(messages: readonly Message[]): number[] {
    if (this.settings.requiresSession && messages.some((m) => m.sessionId === undefined)) {
      throw notAllowed("A message for a queue with sessions needs a session id.");
    }
    return messages.map((message) => this.accept(message));
  }

  /** Takes a scheduled message back. Throws `message-not-found` if it is not there any more. */
  cancelScheduled(sequenceNumber: number): void {
    this.scheduled.cancel(sequenceNumber);
    this.stats.cancelled++;
  }

  /** A receiver of a queue without sessions. */
  attach(receiver: Receiver): void {
    this.receivers.add(receiver);
    this.pump();
  }

  /** A receiver of one session. Throws `session-cannot-be-locked` if another one holds it. */
  attachToSession(id: string, receiver: Receiver): Session {
    const session = this.sessions.lock(id, receiver);
    this.pumpSession(session);
    return session;
  }

  /**
   * A receiver went away. Its messages stay locked until their locks end, unless they belong to a
   * session: that is free again at once, and nothing counts as a failed delivery.
   */
  detach(receiver: Receiver): void {
    this.receivers.remove(receiver);
    const session = this.sessions.heldBy(receiver);
    if (session) this.releaseSession(session, "returned");
  }

  /** This receiver has new credit. */
  onCredit(receiver: Receiver): void {
    const session = this.sessions.heldBy(receiver);
    if (session) this.pumpSession(session);
    else this.pump();
  }

  /** Throws `message-lock-lost` if the lock is not held any more. */
  settle(token: string, settlement: Settlement): void {
    const { stored } = this.locks.release(token);
    if (settlement.kind !== "complete" && settlement.properties) {
      const applicationProperties = {
        ...stored.message.applicationProperties,
        ...settlement.properties,
      };
      stored.message = { ...stored.message, applicationProperties };
    }
    switch (settlement.kind) {
      case "complete":
        this.stats.completed++;
        return;
      case "abandon":
        this.stats.abandoned++;
        this.giveBack(stored, "failed");
        return;
      case "defer":
        this.stats.deferred++;
        stored.state = "deferred";
        this.deferred.set(stored.sequenceNumber, stored);
        return;
      case "deadLetter":
        this.deadLetter(stored, settlement);
    }
  }

  /** Returns the lock's new end. Throws `message-lock-lost`. */
  renewLock(token: string): number {
    return this.locks.renew(token);
  }

  /** Ends every lock of a message now, for tests that do not wait for what a dead client held. */
  expireLocks(): void {
    this.locks.expire();
  }

  /** Returns the lock's new end. Throws `session-lock-lost`. */
  renewSession(id: string): number {
    return this.sessions.renew(id);
  }

  /** Throws `session-lock-lost` if nobody holds the session. */
  sessionState(id: string): Buffer | undefined {
    return this.sessions.held(id).state;
  }

  /** Throws `session-lock-lost` if nobody holds the session. */
  setSessionState(id: string, state: Buffer | undefined): void {
    this.sessions.held(id).state = state;
  }

  /** All of them or none: throws `message-not-found` for the first that is not deferred. */
  receiveDeferred(
    sequenceNumbers: readonly number[],
    peekLock: boolean,
  ): { stored: StoredMessage; lock: Lock | undefined }[] {
    const found = sequenceNumbers.map((number) => {
      const stored = this.deferred.get(number);
      if (!stored) throw messageNotFound(number);
      return stored;
    });
    return found.map((stored) => {
      this.deferred.delete(stored.sequenceNumber);
      this.stats.delivered++;
      if (!peekLock) this.stats.completed++;
      return { stored, lock: peekLock ? this.locks.take(stored, undefined) : undefined };
    });
  }

  /** Looks at messages from a sequence number on, without taking them. */
  peek(from: number, count: number, sessionId?: string): StoredMessage[] {
    const now = this.clock.now();
    return this.messages()
      .filter((stored) => stored.sequenceNumber >= from && stored.expiresAt > now)
      .filter((stored) => sessionId === undefined || stored.message.sessionId === sessionId)
      .slice(0, count);
  }

  /** Messages here in whatever state, without the dead letters. */
  get size(): number {
    const waiting = this.sessions.all().reduce((sum, session) => sum + session.ready.length, 0);
    const aside = this.scheduled.size + this.deferred.size;
    return this.ready.length + waiting + this.locks.size + aside;
  }

  /** Everything that is here, by sequence number. */
  messages(): StoredMessage[] {
    return [
      ...this.ready,
      ...this.sessions.all().flatMap((session) => [...session.ready]),
      ...this.locks.messages(),
      ...this.scheduled.messages(),
      ...this.deferred.values(),
    ].sort((a, b) => a.sequenceNumber - b.sequenceNumber);
  }

  /** Ends every timer. */
  stop(): void {
    this.expiry.stop();
    this.locks.stop();
    this.sessions.stop();
    this.scheduled.stop();
    this.deadLetters?.stop();
  }

  private accept(message: Message): number {
    const sequenceNumber = this.nextSequenceNumber++;
    if (this.history.isRepeat(message.id)) {
      this.stats.duplicates++;
      return sequenceNumber;
    }
    this.stats.enqueued++;
    const now = this.clock.now();
    const stored: StoredMessage = {
      message,
      sequenceNumber,
      enqueuedAt: now,
      expiresAt: Number.POSITIVE_INFINITY,
      failedDeliveries: 0,
      state: "scheduled",
    };
    const at = message.scheduledFor ?? now;
    if (at > now) this.scheduled.add(stored, at);
    else this.activate(stored);
    return sequenceNumber;
  }

  /** The time to live starts here. */
  private activate(stored: StoredMessage): void {
    const { timeToLiveMs = Number.POSITIVE_INFINITY } = stored.message;
    stored.state = "active";
    stored.enqueuedAt = this.clock.now();
    stored.expiresAt = stored.enqueuedAt + Math.min(timeToLiveMs, this.settings.timeToLiveMs);
    this.makeReady(stored);
  }

  private makeReady(stored: StoredMessage): void {
    if (stored.expiresAt !== Number.POSITIVE_INFINITY) this.expiry.arm(stored.expiresAt);
    if (this.settings.requiresSession) {
      const session = this.sessions.of(stored.message.sessionId!);
      session.ready.add(stored);
      this.pumpSession(session);
    } else {
      this.ready.add(stored);
      this.pump();
    }
  }

  private pump(): void {
    while (this.ready.length > 0) {
      const receiver = this.receivers.next();
      if (!receiver) return;
      this.hand(this.ready.shift()!, receiver, undefined);
    }
  }

  private pumpSession(session: Session): void {
    const { ready } = session;
    while (ready.length > 0 && session.receiver && session.receiver.credit() > 0) {
      this.hand(ready.shift()!, session.receiver, session);
    }
  }

  private hand(stored: StoredMessage, receiver: Receiver, session: Session | undefined): void {
    if (stored.expiresAt <= this.clock.now()) {
      this.stats.expired++;
      return;
    }
    this.stats.delivered++;
    if (!receiver.peekLock) this.stats.completed++;
    const lock = receiver.peekLock ? this.locks.take(stored, session) : undefined;
    receiver.deliver(stored, lock);
  }

  /** A lock ended without the message being done with. */
  private giveBack(stored: StoredMessage, how: "failed" | "returned"): void {
    if (how === "failed") stored.failedDeliveries++;
    if (stored.state === "deferred") {
      this.deferred.set(stored.sequenceNumber, stored);
    } else if (stored.failedDeliveries >= this.settings.maxDeliveryCount) {
      this.deadLetter(stored, {
        reason: "MaxDeliveryCountExceeded",
        description: `Not consumed after ${this.settings.maxDeliveryCount} deliveries.`,
      });
    } else if (stored.expiresAt <= this.clock.now()) {
      this.stats.expired++;
    } else {
      this.makeReady(stored);
    }
  }

  private deadLetter(stored: StoredMessage, why: DeadLetterReason): void {
    if (!this.deadLetters) {
      this.makeReady(stored);
      return;
    }
    this.stats.deadLettered++;
    this.deadLetters.enqueue([deadLetterOf(stored.message, this.settings.name, why)]);
  }

  private releaseSession(session: Session, how: "failed" | "returned"): void {
    this.sessions.unlock(session);
    for (const lock of this.locks.releaseSession(session)) this.giveBack(lock.stored, how);
    this.sessions.forgetIfEmpty(session);
  }

  private sweep(now: number): void {
    const lists = [this.ready, ...this.sessions.all().map((session) => session.ready)];
    let next = Number.POSITIVE_INFINITY;
    for (const list of lists) {
      this.stats.expired += list.takeExpired(now).length;
      for (const stored of list) next = Math.min(next, stored.expiresAt);
    }
    for (const session of this.sessions.all()) this.sessions.forgetIfEmpty(session);
    if (next !== Number.POSITIVE_INFINITY) this.expiry.arm(next);
  }
}

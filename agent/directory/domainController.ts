import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";
import type { Candidate } from "./domainControllerOrder.ts";
import { isPdcEmulator } from "./pdcEmulator.ts";
import { canTakeWrites, type RootDse } from "./rootDse.ts";

export interface DomainControllerOptions {
  /** Opens a connection to it, bound as the agent's account. */
  readonly open: () => Promise<DirectoryConnection>;
  /** Milliseconds after which an unused connection is closed; servers drop them after 900 s. */
  readonly idleMs: number;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
}

/** A connection that is held by one job, and what the job has read on it. */
export interface Ready<R> {
  readonly connection: DirectoryConnection;
  readonly found: R;
}

interface Idle {
  readonly connection: DirectoryConnection;
  readonly timer: NodeJS.Timeout;
}

/**
 * Milliseconds after which a connection is not used again, however busy it is: what the server said
 * of itself when it was opened, its time above all, must not get old.
 */
const LIFE_MS = 10 * 60_000;
/** Milliseconds for which one that could not be reached is left alone. */
export const REST_MS = 60_000;
/**
 * operationsError; authMethodNotSupported, strongerAuthRequired and confidentialityRequired of a
 * bind; busy, unavailable, other (RFC 4511 appendix A): another domain controller may do better.
 */
const FAULTS: ReadonlySet<number> = new Set([1, 7, 8, 13, 51, 52, 80]);

/** One domain controller: its bound connections, what it last said of itself, how it has done. */
export class DomainController implements Candidate {
  private readonly options: DomainControllerOptions;
  private readonly idle: Idle[] = [];
  private readonly openedAt = new WeakMap<DirectoryConnection, number>();
  private known: RootDse | undefined;
  private watch: DirectoryConnection | undefined;
  private checking: Promise<RootDse> | undefined;
  private failure: number | undefined;
  private closed = false;
  isPdc = false;

  constructor(options: DomainControllerOptions) {
    this.options = options;
  }

  get isFit(): boolean {
    return this.known === undefined || canTakeWrites(this.known);
  }

  get standing(): Candidate["standing"] {
    if (this.failure === undefined) return "good";
    return this.options.now() < this.failure + REST_MS ? "resting" : "failed";
  }

  get failedAt(): number {
    return this.failure ?? 0;
  }

  /** Its DNS name; undefined until it was reached once. */
  get server(): string | undefined {
    return this.known?.server;
  }

  /**
   * Reads on a connection that lies idle, and on a fresh one where there is none or it has died,
   * unless the server itself was found to be gone by then.
   * Whoever gets the connection gives it back with {@link keep}.
   * @throws DirectoryError `directoryUnreachable`, and whatever `read` throws
   */
  async ready<R>(read: (connection: DirectoryConnection) => Promise<R>): Promise<Ready<R>> {
    const reused = this.takeIdle();
    const failedBefore = this.failure;
    if (reused) {
      try {
        return { connection: reused, found: await read(reused) };
      } catch (error) {
        // A definite answer of a living connection stands; a dead one says nothing of the server.
        const isAlive = reused.usable;
        this.keep(reused);
        // Another job has found out meanwhile that a fresh one would end the same way.
        const isGone = this.failure !== undefined && this.failure !== failedBefore;
        if (isAlive || isGone) throw error;
      }
    }
    const connection = await this.open();
    try {
      return { connection, found: await read(connection) };
    } catch (error) {
      this.keep(connection);
      this.failed(error);
      throw error;
    }
  }

  /** Takes a connection back; one that is not usable any more is closed. */
  keep(connection: DirectoryConnection): void {
    if (this.closed || !connection.usable) {
      connection.close();
      return;
    }
    const timer = setTimeout(() => {
      const index = this.idle.findIndex((idle) => idle.connection === connection);
      if (index >= 0) this.idle.splice(index, 1);
      connection.close();
    }, this.options.idleMs).unref();
    this.idle.push({ connection, timer });
  }

  /**
   * Asks what it says of itself now, on a connection that is kept for this alone.
   * @throws DirectoryError
   */
  check(): Promise<RootDse> {
    this.checking ??= this.ask().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  /** Closes what lies idle; what is at work is closed when it is given back. */
  close(): void {
    this.closed = true;
    this.watch?.close();
    for (const { connection, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      connection.close();
    }
  }

  private async ask(): Promise<RootDse> {
    const watched = this.watch;
    if (watched?.usable) {
      try {
        this.known = await watched.refresh();
        return await this.roleOf(watched);
      } catch {
        watched.close();
      }
    }
    const connection = await this.open();
    this.watch = connection;
    if (this.closed) connection.close();
    try {
      return await this.roleOf(connection);
    } catch (error) {
      connection.close();
      this.failed(error);
      throw error;
    }
  }

  private async roleOf(connection: DirectoryConnection): Promise<RootDse> {
    this.isPdc = await isPdcEmulator(connection);
    return connection.rootDse;
  }

  private failed(error: unknown): void {
    if (isFault(error)) this.failure = this.options.now();
  }

  private async open(): Promise<DirectoryConnection> {
    try {
      const connection = await this.options.open();
      this.openedAt.set(connection, this.options.now());
      this.failure = undefined;
      this.known = connection.rootDse;
      return connection;
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  private takeIdle(): DirectoryConnection | undefined {
    for (;;) {
      const last = this.idle.pop();
      if (!last) return undefined;
      clearTimeout(last.timer);
      if (last.connection.usable && !this.isOld(last.connection)) return last.connection;
      last.connection.close();
    }
  }

  private isOld(connection: DirectoryConnection): boolean {
    return this.options.now() >= (this.openedAt.get(connection) ?? 0) + LIFE_MS;
  }
}

/** Whether the domain controller failed, and not what was asked of it. */
export function isFault(error: unknown): error is DirectoryError {
  if (!(error instanceof DirectoryError) || error.code !== "directoryUnreachable") return false;
  const { resultCode } = error.evidence;
  return resultCode === undefined || FAULTS.has(resultCode);
}

import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";

export interface PoolOptions {
  readonly open: () => Promise<DirectoryConnection>;
  /** Connections at once, at most. */
  readonly size: number;
  /** Milliseconds after which an unused connection is closed; servers drop them after 900 s. */
  readonly idleMs: number;
}

interface Idle {
  readonly connection: DirectoryConnection;
  readonly timer: NodeJS.Timeout;
}

/**
 * A few bound connections, each for one job at a time. A job is a read and then what is done with
 * what was read, on the same connection; so the read also finds out whether a connection that lay
 * idle is still alive, before anything is written.
 */
export class DirectoryPool {
  private readonly options: PoolOptions;
  private readonly idle: Idle[] = [];
  private readonly waiting: Array<() => void> = [];
  private free: number;
  private closed = false;

  constructor(options: PoolOptions) {
    this.options = options;
    this.free = options.size;
  }

  /**
   * @param waitMs milliseconds that the job can wait for its turn
   * @throws DirectoryError `directoryUnreachable`, and whatever the two steps throw
   */
  async use<R, T>(
    waitMs: number,
    read: (connection: DirectoryConnection) => Promise<R>,
    work: (connection: DirectoryConnection, found: R) => Promise<T>,
  ): Promise<T> {
    await this.turn(waitMs);
    let connection: DirectoryConnection | undefined;
    try {
      const ready = await this.ready(read);
      connection = ready.connection;
      return await work(connection, ready.found);
    } finally {
      if (connection) this.keep(connection);
      this.next();
    }
  }

  /** Closes what lies idle; what is at work is closed when it is given back. */
  close(): void {
    this.closed = true;
    for (const { connection, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      connection.close();
    }
  }

  private async ready<R>(
    read: (connection: DirectoryConnection) => Promise<R>,
  ): Promise<{ connection: DirectoryConnection; found: R }> {
    const reused = this.takeIdle();
    if (reused) {
      try {
        return { connection: reused, found: await read(reused) };
      } catch (error) {
        // A definite answer of a living connection stands; a dead one says nothing of the directory.
        if (reused.usable) {
          this.keep(reused);
          throw error;
        }
      }
    }
    const connection = await this.options.open();
    try {
      return { connection, found: await read(connection) };
    } catch (error) {
      this.keep(connection);
      throw error;
    }
  }

  private takeIdle(): DirectoryConnection | undefined {
    for (;;) {
      const last = this.idle.pop();
      if (!last) return undefined;
      clearTimeout(last.timer);
      if (last.connection.usable) return last.connection;
      last.connection.close();
    }
  }

  private keep(connection: DirectoryConnection): void {
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

  private turn(waitMs: number): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(
        () => {
          this.waiting.splice(this.waiting.indexOf(go), 1);
          reject(new DirectoryError("directoryUnreachable"));
        },
        Math.max(0, waitMs),
      );
      this.waiting.push(go);
    });
  }

  private next(): void {
    const go = this.waiting.shift();
    if (go) go();
    else this.free += 1;
  }
}

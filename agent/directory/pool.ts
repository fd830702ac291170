import { within } from "@password-writeback/protocol/within.ts";
import { Turns } from "../turns.ts";
import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";
import { type DomainController, isFault, type Ready } from "./domainController.ts";
import { orderedForWrites } from "./domainControllerOrder.ts";
import { canTakeWrites, type RootDse } from "./rootDse.ts";

export interface PoolOptions {
  /** Of one domain, in order of preference. */
  readonly controllers: readonly DomainController[];
  /** Jobs at once, at most; and beside them as many lookups, and as many looks after a write. */
  readonly size: number;
}

type Read<R> = (connection: DirectoryConnection) => Promise<R>;

/** Milliseconds after which a domain controller that has not answered a check counts as down. */
const PATIENCE_MS = 8_000;
/** Milliseconds that a check waits for the other ones once a fit one has answered. */
const GRACE_MS = 500;

/**
 * The connections to the domain controllers of one domain, each connection for one job at a time.
 * A job is a read and then what is done with what was read, on the same connection; so the read
 * also finds out whether the connection is alive, and another domain controller can take its place
 * while nothing is written. Lookups and checks never wait for jobs, nor for who looks what became
 * of a write, again and again, on a domain controller that hangs.
 */
export class DirectoryPool {
  private readonly controllers: readonly DomainController[];
  private readonly jobs: Turns;
  private readonly lookups: Turns;
  private readonly reviews: Turns;

  constructor({ controllers, size }: PoolOptions) {
    this.controllers = controllers;
    const late = () => new DirectoryError("directoryUnreachable");
    this.jobs = new Turns(size, late);
    this.lookups = new Turns(size, late);
    this.reviews = new Turns(size, late);
  }

  /**
   * One job. Only `read` may be tried again, on another domain controller as well: it writes
   * nothing.
   * @param waitMs milliseconds that the job can wait for its turn and a connection
   * @throws DirectoryError `directoryUnreachable`, `directoryNotWritable`, `secretUnusable`, and
   * whatever the two steps throw
   */
  use<R, T>(
    waitMs: number,
    read: Read<R>,
    work: (connection: DirectoryConnection, found: R) => Promise<T>,
  ): Promise<T> {
    const deadline = performance.now() + waitMs;
    return this.jobs.run(waitMs, async () => {
      const { controller, connection, found } = await this.ready(read, deadline);
      try {
        return await work(connection, found);
      } finally {
        controller.keep(connection);
      }
    });
  }

  /** Only reads; never waits for a job. Else as {@link use}. */
  look<R>(waitMs: number, read: Read<R>): Promise<R> {
    const deadline = performance.now() + waitMs;
    return this.lookups.run(waitMs, async () => {
      const { controller, connection, found } = await this.ready(read, deadline);
      controller.keep(connection);
      return found;
    });
  }

  /**
   * On the named domain controller and no other. `read` may be tried again: what writes in it must
   * see to it that it does so once.
   * @param server its DNS name, as in {@link RootDse}
   * @returns undefined where none of this domain has that name
   * @throws DirectoryError `directoryUnreachable` where one that is out of reach may be it
   */
  onServer<R>(server: string, waitMs: number, read: Read<R>): Promise<R | undefined> {
    return this.reviews.run(waitMs, async () => {
      const known = this.controllers.filter((each) => each.server === server);
      const unmet = this.controllers.filter((each) => each.server === undefined);
      let failure: unknown;
      for (const controller of known.length > 0 ? known : unmet) {
        try {
          const { connection, found } = await controller.ready(async (each) =>
            each.rootDse.server === server ? { value: await read(each) } : undefined,
          );
          controller.keep(connection);
          if (found) return found.value;
        } catch (error) {
          failure = error;
        }
      }
      if (failure !== undefined) throw failure;
      return undefined;
    });
  }

  /**
   * Asks every domain controller that is not resting how it is, each on a connection of its own.
   * @returns what the one says of itself that the next job would go to
   * @throws Error where no job could be done
   */
  async check(): Promise<RootDse> {
    const awake = this.controllers.filter(({ standing }) => standing !== "resting");
    const asked = awake.length > 0 ? awake : this.controllers;
    const answers = new Map<DomainController, RootDse>();
    const checks = asked.map(async (controller) => {
      const answer = await within(PATIENCE_MS, controller.check());
      if (!canTakeWrites(answer))
        throw new DirectoryError("directoryNotWritable", { server: answer.server });
      answers.set(controller, answer);
    });
    await Promise.any(checks).catch(({ errors }: AggregateError) => {
      throw errors[0];
    });
    await within(GRACE_MS, Promise.allSettled(checks)).catch(() => {});
    for (const controller of orderedForWrites(this.controllers)) {
      const answer = answers.get(controller);
      if (answer) return answer;
    }
    throw new DirectoryError("directoryNotWritable");
  }

  close(): void {
    for (const controller of this.controllers) controller.close();
  }

  private async ready<R>(
    read: Read<R>,
    deadline: number,
  ): Promise<Ready<R> & { readonly controller: DomainController }> {
    const readWhereWritable: Read<R> = (connection) => {
      const { rootDse } = connection;
      if (canTakeWrites(rootDse)) return read(connection);
      connection.close();
      throw new DirectoryError("directoryNotWritable", { server: rootDse.server });
    };
    let failure = new DirectoryError("directoryNotWritable");
    for (const controller of orderedForWrites(this.controllers)) {
      try {
        return { controller, ...(await controller.ready(readWhereWritable)) };
      } catch (error) {
        if (!isReasonForAnother(error) || performance.now() >= deadline) throw error;
        failure = error;
      }
    }
    throw failure;
  }
}

const isReasonForAnother = (error: unknown): error is DirectoryError =>
  isFault(error) || (error instanceof DirectoryError && error.code === "directoryNotWritable");

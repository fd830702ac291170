import type { DirectoryPool } from "./pool.ts";

interface Belief<T> {
  readonly value: T;
  /** Milliseconds of a steady clock. */
  readonly until: number;
}

/**
 * What domain controllers were seen to do, by pool and DNS name, each believed for a while: as
 * many as the domains have.
 */
export class Believed<T> {
  private readonly pools = new WeakMap<DirectoryPool, Map<string, Belief<T>>>();
  private readonly forMs: number;

  /** @param forMs milliseconds for which something is believed */
  constructor(forMs: number) {
    this.forMs = forMs;
  }

  /** @param now milliseconds of a steady clock */
  get(pool: DirectoryPool, server: string, now: number): T | undefined {
    const known = this.pools.get(pool)?.get(server);
    return known && now < known.until ? known.value : undefined;
  }

  /** @param now milliseconds of a steady clock */
  set(pool: DirectoryPool, server: string, value: T, now: number): void {
    const servers = this.pools.get(pool) ?? new Map<string, Belief<T>>();
    this.pools.set(pool, servers);
    servers.set(server, { value, until: now + this.forMs });
  }
}

import type { DirectoryConnection } from "../../agent/directory/connection.ts";

/**
 * Counts what is asked over a connection. Requests that are under way together are one round trip,
 * since they cost the time of one.
 */
export class RoundTrips {
  count = 0;
  private underWay = 0;

  async around<T>(request: () => Promise<T>): Promise<T> {
    if (this.underWay === 0) this.count += 1;
    this.underWay += 1;
    try {
      return await request();
    } finally {
      this.underWay -= 1;
    }
  }

  /** Counts on a connection from now on. */
  on(connection: DirectoryConnection): DirectoryConnection {
    const { search, look, modify } = connection;
    connection.search = (...asked) => this.around(() => search.apply(connection, asked));
    connection.look = (...asked) => this.around(() => look.apply(connection, asked));
    connection.modify = (...asked) => this.around(() => modify.apply(connection, asked));
    return connection;
  }
}

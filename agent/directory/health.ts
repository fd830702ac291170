import type { Heartbeat } from "@password-writeback/protocol/heartbeat.ts";
import { within } from "@password-writeback/protocol/within.ts";
import { policyHints } from "./policyHints.ts";
import type { DirectoryPool } from "./pool.ts";
import { ROOT_DSE_SEARCH } from "./rootDse.ts";

/** Milliseconds after which a directory that has not answered counts as down. */
const PATIENCE_MS = 8_000;

/** Whether the directory answers now, on a connection bound as for a write. */
export async function directoryHealth(pool: DirectoryPool): Promise<Heartbeat["directory"]> {
  try {
    const { server, ...rest } = await within(
      PATIENCE_MS,
      pool.use(
        PATIENCE_MS,
        (connection) => connection.search("", ROOT_DSE_SEARCH),
        async ({ rootDse }) => ({
          server: rootDse.server,
          policyHints: policyHints(rootDse) !== undefined,
        }),
      ),
    );
    return { state: "up", server, ...rest };
  } catch {
    return { state: "down" };
  }
}

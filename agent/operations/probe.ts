import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import { findCanary } from "../directory/find.ts";
import type { Job } from "./job.ts";

/**
 * Reads the canary account, bound as the agent on the domain controller that would be written.
 * Writes nothing.
 */
export const probe = (job: Job): Promise<Verdict> =>
  job.pool.use<unknown, Verdict>(
    job.remaining(),
    (connection) => findCanary(connection, job.settings.canary, job.settings),
    async (connection) => ({
      status: "succeeded",
      directory: { server: connection.rootDse.server },
    }),
  );

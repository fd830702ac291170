import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import { honoursCompareAndSet } from "../directory/compareAndSetProbe.ts";
import { findCanary } from "../directory/findCanary.ts";
import type { Job } from "./job.ts";

/**
 * Reads the canary account, bound as the agent on the domain controller that would be written, and
 * has a write refused there once a day, to learn whether it honours compare-and-set. Writes
 * nothing.
 */
export const probe = (job: Job): Promise<Verdict> =>
  job.pool.use<unknown, Verdict>(
    job.remaining(),
    (connection) => findCanary(connection, job.settings.canary, job.settings),
    async (connection) => {
      const compareAndSet = await honoursCompareAndSet(job.pool, connection, job.settings);
      const { server } = connection.rootDse;
      return {
        status: "succeeded",
        directory: { server, ...(compareAndSet !== undefined && { compareAndSet }) },
      };
    },
  );

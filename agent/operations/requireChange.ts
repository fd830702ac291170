import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { RequireChangeRequest } from "@password-writeback/protocol/request.ts";
import { type Job, readableAge } from "./job.ts";
import { onAccount } from "./onAccount.ts";
import { refuseOvertaken } from "./overtaken.ts";
import { send } from "./send.ts";

/**
 * Must change at next sign-in: compare-and-set of `pwdLastSet` to 0, since a bare 0 would flag a
 * user who has just changed. Sent from 0 to 0 as well: it changes nothing there, and the answer
 * still tells whether the agent has the right. On a password that never expires it has no effect,
 * and the outcome says so.
 */
export const requireChange = (request: RequireChangeRequest, job: Job): Promise<Verdict> =>
  onAccount(job, request, (connection, account, { ignoresMustChange, notes }) => {
    refuseOvertaken(request, connection, account, job);
    return send(
      job,
      request,
      connection,
      {
        operation: "requireChange",
        account,
        told: notes,
        changes: [],
        compare: { read: readableAge(connection, account), next: "0" },
      },
      async () => (ignoresMustChange ? { detail: { mustChangeApplied: false } } : {}),
    );
  });

import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { AccountRequest } from "@password-writeback/protocol/request.ts";
import { wipe } from "../directory/changes.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { type Write, write } from "../directory/write.ts";
import { type Afterwards, completed } from "./completed.ts";
import { type Job, permit } from "./job.ts";
import { resend } from "./resend.ts";

const NOTHING: Afterwards = async () => ({});

/**
 * Sends the write of an operation. Where its answer was lost it is sent once more, if that is sure
 * to have no second effect. Ends with its passwords overwritten.
 * @throws DirectoryError nothing was sent
 */
export async function send(
  job: Job,
  request: AccountRequest,
  connection: DirectoryConnection,
  asked: Write,
  afterwards = NOTHING,
): Promise<Verdict> {
  try {
    const first = await write(connection, permit(job), asked);
    if (first.status === "succeeded") return await completed(first, connection, afterwards);
    if (first.status === "failed") return first;
    return (await resend(job, request, connection.rootDse.server, asked, afterwards)) ?? first;
  } finally {
    wipe(asked.changes);
  }
}

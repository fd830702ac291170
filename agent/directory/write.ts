import type { DirectoryEvidence, Verdict } from "@password-writeback/protocol/outcome.ts";
import type { OperationName } from "@password-writeback/protocol/request.ts";
import type { Change, Control } from "ldapts";
import type { Account } from "./account.ts";
import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";
import type { Refusal } from "./refusal.ts";
import { type Meaning, meaningOf } from "./verdict.ts";
import { writableAttributes } from "./writable.ts";

/** One modify on one account. */
export interface Write {
  readonly operation: Exclude<OperationName, "probe">;
  readonly account: Account;
  readonly changes: Change[];
  readonly controls?: Control[];
  /** What the operator may read beside the directory's own codes. */
  readonly evidence?: Pick<DirectoryEvidence, "policyEnforced">;
}

/** What stands between a write and its being sent. */
export interface Permit {
  /** Whether the request has expired. */
  expired(): boolean;
  /** Notes what is about to be written; nothing is sent before that is safe, or if it fails. */
  readonly note?: ((server: string, write: Write) => Promise<void>) | undefined;
}

/**
 * Sends the modify and turns the directory's answer into a verdict. Where no answer came, nobody
 * can say whether it was committed: a slow directory may still do it.
 * @throws DirectoryError `requestExpired`, `journalUnavailable` or `directoryUnreachable`: nothing
 * was sent
 */
export async function write(
  connection: DirectoryConnection,
  permit: Permit,
  asked: Write,
): Promise<Verdict> {
  const { operation, account, changes, controls = [], evidence: more } = asked;
  const evidence = { server: connection.rootDse.server, ...more };
  if (permit.expired()) throw new DirectoryError("requestExpired", evidence);
  if (permit.note) {
    await permit.note(evidence.server, asked).catch(() => {
      throw new DirectoryError("journalUnavailable", evidence);
    });
    if (permit.expired()) throw new DirectoryError("requestExpired", evidence);
  }
  const result = await connection.modify(account.dn, changes, controls);
  if (result.kind === "applied") return { status: "succeeded", directory: evidence };
  if (result.kind === "unknown")
    return { status: "unknown", code: "outcomeUnknown", directory: evidence };
  const { code, missingRight } = await meaning(connection, operation, account, result.refusal);
  return {
    status: "failed",
    code,
    directory: { ...evidence, ...result.refusal, ...(missingRight && { missingRight }) },
  };
}

/** Rights are read only where one was missing; that they cannot be read changes no verdict. */
async function meaning(
  connection: DirectoryConnection,
  operation: Write["operation"],
  { dn }: Account,
  refusal: Refusal,
): Promise<Meaning> {
  const known = meaningOf(operation, refusal);
  if (known.code !== "agentLacksRight") return known;
  try {
    return meaningOf(operation, refusal, { writable: await writableAttributes(connection, dn) });
  } catch (error) {
    if (error instanceof DirectoryError) return known;
    throw error;
  }
}

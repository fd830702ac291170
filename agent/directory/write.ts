import type { DirectoryEvidence, Verdict } from "@password-writeback/protocol/outcome.ts";
import type { Change, Control } from "ldapts";
import type { Account } from "./account.ts";
import type { WriteOperation } from "./changes.ts";
import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";
import type { Attempt } from "./explain.ts";
import { evidenceOf, type Refusal } from "./refusal.ts";
import { type RefusalVerdict, verdictOnRefusal } from "./verdict.ts";
import { writableAttributes } from "./writable.ts";

/** One modify on one account. */
export interface Write {
  readonly operation: WriteOperation;
  readonly account: Account;
  readonly changes: Change[];
  readonly controls?: Control[];
  /** What was read before it, where a password is set, to explain a refusal with. */
  readonly attempt?: Attempt;
  /** What the operator may read beside the directory's own codes. */
  readonly evidence?: Pick<DirectoryEvidence, "policyEnforced" | "resent">;
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
  const { account, changes, controls = [], evidence: more } = asked;
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
  const { code, missingRight, violations } = await meaning(connection, asked, result.refusal);
  return {
    status: "failed",
    code,
    ...(violations && { detail: { violations: [...violations] } }),
    directory: {
      ...evidence,
      ...evidenceOf(result.refusal),
      ...(missingRight && { missingRight }),
    },
  };
}

/** Rights are read only where one was missing; that they cannot be read changes no verdict. */
async function meaning(
  connection: DirectoryConnection,
  { operation, account: { dn }, attempt }: Write,
  refusal: Refusal,
): Promise<RefusalVerdict> {
  const verdict = verdictOnRefusal({ operation, refusal, attempt });
  if (verdict.code !== "agentLacksRight") return verdict;
  try {
    const rights = { writable: await writableAttributes(connection, dn) };
    return verdictOnRefusal({ operation, refusal, attempt, rights });
  } catch (error) {
    if (error instanceof DirectoryError) return verdict;
    throw error;
  }
}

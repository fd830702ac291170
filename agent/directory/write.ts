import type {
  DirectoryEvidence,
  OutcomeDetail,
  Verdict,
} from "@password-writeback/protocol/outcome.ts";
import type { Change, Control } from "ldapts";
import type { Account } from "./account.ts";
import { compareAndSet, type PasswordAge, type WriteOperation } from "./changes.ts";
import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";
import type { Attempt } from "./explain.ts";
import type { AccountNotes } from "./guard/rules.ts";
import { keyVersionEvidence } from "./keyVersions.ts";
import type { Rights } from "./missingRight.ts";
import { evidenceOf, type Refusal } from "./refusal.ts";
import { type RefusalVerdict, verdictOnRefusal } from "./verdict.ts";

/** One modify on one account. */
export interface Write {
  readonly operation: WriteOperation;
  readonly account: Account;
  readonly changes: Change[];
  /** Sent with the changes: nothing is written unless `pwdLastSet` still has the value read. */
  readonly compare?: { readonly read: bigint; readonly next: PasswordAge } | undefined;
  readonly controls?: Control[];
  /** What was read before it, where a password is set, to explain a refusal with. */
  readonly attempt?: Attempt;
  /** What the operator may read beside the directory's own codes. */
  readonly evidence?: Omit<DirectoryEvidence, "server" | "resultCode" | "win32">;
  /** What is told of the account whatever becomes of the write. */
  readonly told?: AccountNotes | undefined;
}

/** What stands between a write and its being sent, and what a refusal is looked into with. */
export interface Permit {
  /** Whether the request has expired. */
  expired(): boolean;
  /** Notes what is about to be written; nothing is sent before that is safe, or if it fails. */
  readonly note?:
    | ((server: string, write: Write, directoryTime?: bigint) => Promise<void>)
    | undefined;
  /** Reads what the agent's account may do on an account, where something was denied. */
  rights?(connection: DirectoryConnection, account: Account): Promise<Rights>;
}

const INSUFFICIENT_ACCESS = 50;

/**
 * What the record says of the account's key version. Each password set adds one
 * (MS-ADTS 3.1.1.4.5.16), and the condition lets nobody else's in between; without it nobody can
 * say what it is afterwards without reading it.
 */
function keyVersions(
  { operation, account: { keyVersion }, compare }: Write,
  isSet: boolean,
): Pick<DirectoryEvidence, "keyVersionBefore" | "keyVersionAfter"> {
  if (keyVersion === undefined || (operation !== "reset" && operation !== "change")) return {};
  return keyVersionEvidence(keyVersion, isSet && compare ? keyVersion + 1n : undefined);
}

const detailOf = (detail: OutcomeDetail = {}): Pick<Verdict, "detail"> =>
  Object.keys(detail).length > 0 ? { detail } : {};

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
  const { account, compare, controls = [], evidence: more } = asked;
  const changes = [...asked.changes, ...(compare ? compareAndSet(compare.read, compare.next) : [])];
  const evidence = { server: connection.rootDse.server, ...more };
  if (permit.expired()) throw new DirectoryError("requestExpired", evidence);
  if (permit.note) {
    await permit.note(evidence.server, asked, connection.directoryTime).catch(() => {
      throw new DirectoryError("journalUnavailable", evidence);
    });
    if (permit.expired()) throw new DirectoryError("requestExpired", evidence);
  }
  const result = await connection.modify(account.dn, changes, controls);
  if (result.kind === "applied")
    return {
      status: "succeeded",
      ...detailOf(asked.told),
      directory: { ...evidence, ...keyVersions(asked, true) },
    };
  if (result.kind === "unknown")
    return {
      status: "unknown",
      code: "outcomeUnknown",
      directory: { ...evidence, ...keyVersions(asked, false) },
    };
  const { code, missingRight, violations } = await meaning(
    connection,
    permit,
    asked,
    result.refusal,
  );
  return {
    status: "failed",
    code,
    ...detailOf({ ...asked.told, ...(violations && { violations: [...violations] }) }),
    directory: {
      ...evidence,
      ...keyVersions(asked, false),
      ...evidenceOf(result.refusal),
      ...(missingRight && { missingRight }),
    },
  };
}

/** Rights are read only where one was missing; that they cannot be read changes no verdict. */
async function meaning(
  connection: DirectoryConnection,
  permit: Permit,
  { operation, account, attempt, compare }: Write,
  refusal: Refusal,
): Promise<RefusalVerdict> {
  const unexpires = compare?.next === "-1";
  const verdict = verdictOnRefusal({ operation, refusal, unexpires, attempt });
  const isDenied =
    verdict.code === "agentLacksRight" ||
    (verdict.code === "changeNotAllowed" &&
      unexpires &&
      refusal.resultCode === INSUFFICIENT_ACCESS);
  if (!isDenied || !permit.rights) return verdict;
  try {
    const rights = await permit.rights(connection, account);
    return verdictOnRefusal({ operation, refusal, unexpires, attempt, rights });
  } catch (error) {
    if (error instanceof DirectoryError) return verdict;
    throw error;
  }
}

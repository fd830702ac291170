import type { AccountRequest } from "@password-writeback/protocol/request.ts";
import type { Entry, SearchOptions } from "ldapts";
import type { Account } from "../account.ts";
import type { DirectoryConnection } from "../connection.ts";
import { DirectoryError } from "../directoryError.ts";
import { bytes } from "../entry.ts";
import { fileTime } from "../fileTime.ts";
import { guidText } from "../identifiers.ts";
import { AccessListOnly } from "./accessListOnly.ts";
import { judge } from "./judge.ts";
import { type AccountNotes, type Circumstances, ignoresMustChange, notesOn } from "./rules.ts";
import type { GuardSettings } from "./settings.ts";
import { type GuardSubject, readSubject, SUBJECT_ATTRIBUTES, SUBJECT_BINARY } from "./subject.ts";

export interface GuardOptions {
  readonly baseDn: string;
  readonly guard: GuardSettings;
  /** Told of each account that was refused or let through with a warning, and by which rules. */
  readonly guarded?: ((event: GuardEvent, rules: string) => void) | undefined;
}

export type GuardEvent = "accountRefused" | "accountWarned";

/** An account that may be touched. */
export interface Admission {
  /** Protected: only as its owner's own plain change, without compare-and-set. */
  readonly asOwner: boolean;
  /** Whether "must change at next sign-in" has no effect on it. */
  readonly ignoresMustChange: boolean;
  /** What the caller is told of it beside the outcome. */
  readonly notes: AccountNotes;
}

/**
 * Refuses accounts that are never to be touched, before anything is written: one base search by
 * GUID on the connection that will write, since `tokenGroups` is for base searches only
 * (MS-ADTS 3.1.1.4.5.19). An answer that is empty, incomplete or broken refuses.
 * @throws DirectoryError `protectionUnknown`, or the code of the rule that refused
 */
export async function guard(
  connection: DirectoryConnection,
  account: Account,
  request: AccountRequest,
  options: GuardOptions,
): Promise<Admission> {
  const { server, ownSids } = connection.rootDse;
  const { guarded } = options;
  const subject = await subjectOf(connection, account);
  if (!subject || !ownSids) {
    guarded?.("accountRefused", subject ? "ownSidsUnreadable" : "unreadable");
    throw new DirectoryError("protectionUnknown", { server });
  }
  const circumstances: Circumstances = {
    settings: options.guard,
    baseDn: options.baseDn,
    operation: judgedAs(request),
    mustChange:
      request.operation === "requireChange" ||
      (request.operation === "reset" && request.mustChange),
    ownSids,
    // A server that does not tell its time is taken to have ours.
    now: connection.directoryTime ?? fileTime(Date.now()),
  };
  const judgement = judge(subject, circumstances);
  if (judgement.kind === "refused") {
    guarded?.("accountRefused", judgement.rule);
    throw new DirectoryError(judgement.code, { server });
  }
  const { warnings, asOwner } = judgement;
  if (warnings.length > 0) guarded?.("accountWarned", warnings.join(" "));
  const notes = notesOn(subject, circumstances);
  return { asOwner, ignoresMustChange: ignoresMustChange(subject), notes };
}

/** A question is judged as what would follow: a change by the owner, a reset by anybody else. */
function judgedAs({ operation, origin }: AccountRequest): Circumstances["operation"] {
  if (operation !== "passwordRules") return operation;
  return origin === "self" || origin === "portal" ? "change" : "reset";
}

/** Undefined where the answer cannot be relied on, or is about another object. */
async function subjectOf(
  connection: DirectoryConnection,
  { dn, guid, sid }: Account,
): Promise<GuardSubject | undefined> {
  const [entry, ...more] = await read(connection, dn);
  const raw = entry && bytes(entry, "objectGUID");
  if (!entry || more.length > 0 || raw?.length !== 16 || guidText(raw) !== guid) return undefined;
  const subject = readSubject(entry);
  return subject && subject.sid === sid ? subject : undefined;
}

/** A refusal of the directory is an answer that says nothing; a broken connection is no answer. */
async function read(connection: DirectoryConnection, dn: string): Promise<readonly Entry[]> {
  const isKnown = connection.rootDse.supportedControls.has(AccessListOnly.OID);
  const options: SearchOptions = {
    scope: "base",
    attributes: SUBJECT_ATTRIBUTES,
    explicitBufferAttributes: SUBJECT_BINARY,
  };
  try {
    return await connection.search(dn, options, isKnown ? [new AccessListOnly()] : []);
  } catch (error) {
    if (error instanceof DirectoryError && error.evidence.resultCode !== undefined) return [];
    throw error;
  }
}

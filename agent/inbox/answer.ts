import {
  CLOCK_TOLERANCE_SECONDS,
  MAX_REQUEST_SECONDS,
} from "@password-writeback/protocol/limits.ts";
import type { NotUnderstood } from "@password-writeback/protocol/notUnderstoodError.ts";
import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import { outcomeFor } from "@password-writeback/protocol/outcomeFor.ts";
import { READS_FIRST } from "@password-writeback/protocol/reads.ts";
import { sealReply } from "@password-writeback/protocol/reply.ts";
import { isQuestion, type Request } from "@password-writeback/protocol/request.ts";
import { MEMORY_SECONDS } from "../journal/journal.ts";
import { type Ledger, outcomeOf } from "../journal/ledger.ts";
import type { Log } from "../log.ts";
import type { Incoming } from "../relay/listener.ts";
import type { ReplyAddress } from "../relay/replySender.ts";
import { outcomeFields } from "./logFields.ts";
import type { Opener, Refused } from "./openMessage.ts";

/** What it takes to tell how a request ended. */
export interface AnswerOptions {
  readonly opener: Opener;
  /** What was begun before, and how it ended. */
  readonly ledger: Ledger;
  readonly reply: (address: ReplyAddress, body: Uint8Array) => Promise<void>;
  readonly log: Log;
}

/** Who waits for a reply. */
export interface ReplyReader {
  /** Where it goes; undefined where the request did not say it. */
  readonly sessionId: string | undefined;
  /** What it may hold. */
  readonly reads: number;
}

/** How a request ended, and whether that was found out just now. */
export interface Conclusion {
  readonly verdict: Verdict;
  readonly isNews: boolean;
}

/** Somebody may have begun it, and nobody can say how it ended. */
export const UNKNOWN: Verdict = { status: "unknown", code: "outcomeUnknown" };

/**
 * Tells how a request ended, in the log, the journal and a reply; what may not have been heard is
 * owed to the cloud. Never throws.
 * @param milliseconds that the request took
 */
export async function answer(
  options: AnswerOptions,
  request: Request,
  { verdict, isNews }: Conclusion,
  reader: ReplyReader,
  milliseconds: number,
): Promise<void> {
  const { opener, log, ledger } = options;
  const ids = { requestId: request.jti, trackingId: request.trackingId };
  log("outcome", {
    ...ids,
    ...{ operation: request.operation, origin: request.origin },
    ...outcomeFields(verdict),
    milliseconds: Math.round(milliseconds),
  });
  if (verdict.detail?.mustChangeUnasked)
    log("agentLacksUnexpirePassword", { ...ids, ...verdict.directory });
  const isLate = opener.clock.millisecondsUntil(request.exp) < 0;
  const noted = isNews ? ledger.conclude(request, verdict) : undefined;
  // Or, killed in between, the next run would take it for never begun and carry it out after all.
  if (verdict.status === "failed") await noted;
  const [replied] = await Promise.allSettled([send(options, request, verdict, reader), noted]);
  if (replied.status === "rejected") log("replyNotSent", ids);
  if (isQuestion(request)) return;
  if (replied.status === "rejected" || isLate) ledger.owe(request, verdict);
}

/** What only a newer agent understands has an answer too: nothing was done, here at least. */
export async function refuse(
  options: AnswerOptions,
  { request, refused }: Refused,
  message: Incoming,
): Promise<void> {
  if (!request || request.jti !== message.messageId) return;
  const { ledger, opener } = options;
  const { jti, exp } = request;
  const earlier = ledger.earlier(jti);
  const isNews = !earlier && message.deliveryCount === 0 && isRecent(exp, opener.clock.now());
  const failed: Verdict = { status: "failed", code: refused };
  const verdict = isNews ? failed : ((await earlier) ?? UNKNOWN);
  // Or this agent, once upgraded, would take it for never begun and carry it out after all.
  if (isNews) await ledger.conclude({ jti, exp }, verdict);
  await send(options, request, verdict, unknownReader(message)).catch(() =>
    options.log("replyNotSent", { requestId: request.jti }),
  );
}

/** A signer that no trust list of this agent's names; nothing was written. */
export const OUTDATED: Verdict = { status: "failed", code: "trustListOutdated" };

/**
 * Answers a request whose signer the newest trust list at hand does not name, and sees to it that
 * nothing of this id is ever carried out here. Only where nobody held it before: whoever did may
 * have begun it.
 * @param isFirst whether this process sees the id for the first time
 * @returns whether it was answered: then it is done with
 */
export async function refuseUnlisted(
  options: AnswerOptions,
  claimed: NotUnderstood,
  message: Incoming,
  isFirst: boolean,
): Promise<boolean> {
  const { ledger, opener, log } = options;
  const { jti, exp } = claimed;
  const isNews =
    isFirst &&
    message.deliveryCount === 0 &&
    isRecent(exp, opener.clock.now()) &&
    !ledger.earlier(jti);
  if (!isNews) return false;
  try {
    await ledger.refuse({ jti, exp });
  } catch {
    log("journalNotWritten");
    return false;
  }
  await send(options, claimed, OUTDATED, unknownReader(message)).catch(() =>
    log("replyNotSent", { requestId: jti }),
  );
  return true;
}

/** Nobody has verified what such a request says: every reader reads the least. */
const unknownReader = ({ replySession: sessionId }: Incoming): ReplyReader => ({
  sessionId,
  reads: READS_FIRST,
});

async function send(
  options: AnswerOptions,
  request: Pick<Request, "jti" | "replyKey">,
  verdict: Verdict,
  { sessionId, reads }: ReplyReader,
): Promise<void> {
  if (sessionId === undefined) throw new TypeError("nowhere to reply to");
  const outcome = outcomeOf(request.jti, options.opener.trust.own.agent, verdict);
  await options.reply(
    { sessionId, correlationId: request.jti },
    await sealReply(outcomeFor(reads, outcome), request.replyKey),
  );
}

/**
 * Whether the bus may deliver a request for the first time: outside it nobody knows who began it.
 */
const isRecent = (exp: number, now: number): boolean =>
  exp > now - MEMORY_SECONDS && exp <= now + MAX_REQUEST_SECONDS + CLOCK_TOLERANCE_SECONDS;

import { outcomeDetail } from "@password-writeback/protocol/outcome.ts";
import { operationName, origin } from "@password-writeback/protocol/request.ts";
import { z } from "zod";

/** Milliseconds after which an operation that nobody concluded reads as `unknown`. */
export const UNKNOWN_AFTER_MS = 15 * 60_000;

/**
 * One operation, as it is kept for polling and for repeats. `running` also stands for "the caller
 * was told unknown": a later truth may still conclude it.
 */
export const operation = z.object({
  /** Request id on the relay. */
  id: z.uuid(),
  operation: operationName,
  origin,
  /** Object id of the caller. */
  callerId: z.string(),
  /** What else the audit record says of the call that began it. */
  callerKind: z.enum(["user", "application"]).optional(),
  callerName: z.string().optional(),
  application: z.string().optional(),
  tokenId: z.string().optional(),
  address: z.string().optional(),
  clientRequestId: z.string().optional(),
  /** Object id of the person it is about; empty for a probe. */
  targetId: z.string(),
  targetName: z.string().optional(),
  connector: z.string(),
  trackingId: z.string(),
  status: z.enum(["running", "succeeded", "failed"]),
  code: z.string().optional(),
  detail: outcomeDetail.optional(),
  /** Who carried it out, where, and what the account showed. */
  agent: z.string().optional(),
  server: z.string().optional(),
  keyVersionBefore: z.number().optional(),
  keyVersionAfter: z.number().optional(),
  /** Its outcome was told after its call had ended. */
  late: z.boolean().optional(),
  /** What the portal says it proved: its word, recorded. */
  proof: z.string().optional(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  lastActionAt: z.number(),
  /** Milliseconds since 1970 after which no write may start. */
  deadline: z.number(),
});
export type Operation = z.infer<typeof operation>;

/** Whether it is somebody's operation on their own account: only one of these runs at a time. */
export const isOwnAccount = ({ origin }: Pick<Operation, "origin">): boolean =>
  origin === "self" || origin === "portal";

/** What a poller reads. */
export const reportedStatus = ({ status, createdAt }: Operation, now: number) =>
  status === "running" && now - createdAt > UNKNOWN_AFTER_MS ? "unknown" : status;

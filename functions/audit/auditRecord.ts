import { operationName, origin } from "@password-writeback/protocol/request.ts";
import { z } from "zod";

const changed = z.object({
  name: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});

/**
 * What was asked, by whom, about whom, and how it ended. Ids, names, codes and numbers; never a
 * password, its length, or anything else derived from one (`docs/audit.md`).
 */
export const auditRecord = z.object({
  /** Of an operation's first record the operation's id, so that it is written once. */
  id: z.string(),
  /** When it was begun: milliseconds since 1970. */
  at: z.number(),
  activity: z.string(),
  category: z.string(),
  type: z.string(),
  /** Microsoft Graph's `operationResult`; `timeout`: nobody knows how it ended. */
  result: z.enum(["success", "failure", "timeout"]),
  /** Code of the error table. */
  reason: z.string().optional(),
  actorKind: z.enum(["user", "application"]),
  /** Object id of the user or of the application's service principal. */
  actorId: z.string(),
  actorName: z.string().optional(),
  /** Client id. */
  application: z.string().optional(),
  /** Entra's id of the access token. */
  tokenId: z.string().optional(),
  targetId: z.string().optional(),
  targetName: z.string().optional(),
  address: z.string().optional(),
  /** Tracking id. */
  requestId: z.string(),
  clientRequestId: z.string().optional(),
  operationId: z.string().optional(),
  operation: operationName.optional(),
  origin: origin.optional(),
  connector: z.string().optional(),
  agent: z.string().optional(),
  /** Host name of the domain controller. */
  server: z.string().optional(),
  keyVersionBefore: z.number().optional(),
  keyVersionAfter: z.number().optional(),
  proof: z.string().optional(),
  /** An earlier call's operation was reported, and nothing was executed. */
  replayed: z.boolean().optional(),
  /** Id of the record that said less. */
  corrects: z.string().optional(),
  /** Written by the timer from the operation's own record. */
  recovered: z.boolean().optional(),
  changes: z.array(changed).optional(),
});
export type AuditRecord = z.infer<typeof auditRecord>;

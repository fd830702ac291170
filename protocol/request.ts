import { z } from "zod";
import { password } from "./password.ts";

/** Format of the request claims. A reader refuses a version that it does not know. */
export const REQUEST_VERSION = 1;

/** Operations that are recorded; a question for the password rules is none. */
export const operationName = z.enum(["change", "reset", "unlock", "requireChange", "probe"]);
export type OperationName = z.infer<typeof operationName>;

/** Where a request started; decides which policy applies to it. */
export const origin = z.enum(["self", "portal", "admin", "automation", "operator"]);
export type Origin = z.infer<typeof origin>;

/** Text form of a SID (MS-DTYP 2.4.2.1). */
export const sid = z
  .string()
  .max(184)
  .regex(/^S-1-\d+(-\d+){1,15}$/);
/** Raw 16 bytes of the anchor attribute in canonical Base64. */
export const sourceAnchor = z.string().regex(/^[A-Za-z0-9+/]{21}[AQgw]==$/);
export const connectorName = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);

/** Key that a reply is sealed with: 32 fresh bytes in base64url. */
export const replyKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** The account an operation is carried out on, as the cloud knows it. */
export const target = z.strictObject({
  /** Object id in the cloud. */
  id: z.guid(),
  sourceAnchor,
  sid: sid.optional(),
  userPrincipalName: z.string().min(1).max(1024),
});
export type Target = z.infer<typeof target>;

/** Who asked: the object id of the caller, and the client application it used. */
export const requester = z.strictObject({
  id: z.string().min(1).max(64),
  application: z.string().max(64).optional(),
});
export type Requester = z.infer<typeof requester>;

const common = {
  version: z.literal(REQUEST_VERSION),
  /** Tenant. */
  iss: z.string().min(1).max(64),
  /** Connector. */
  aud: connectorName,
  /** Request id, also the message id on the relay. */
  jti: z.uuid(),
  /** Seconds since 1970, cloud time. */
  iat: z.number().positive(),
  /** The last moment a write may start: seconds since 1970, cloud time. */
  exp: z.number().positive(),
  origin,
  requester,
  replyKey,
  /** Joins the records of both halves. */
  trackingId: z.uuid(),
  traceparent: z.string().max(64).optional(),
};

export const changeRequest = z.strictObject({
  ...common,
  operation: z.literal("change"),
  target,
  currentPassword: password,
  newPassword: password,
});
export const resetRequest = z.strictObject({
  ...common,
  operation: z.literal("reset"),
  target,
  newPassword: password,
  mustChange: z.boolean(),
});
export const unlockRequest = z.strictObject({
  ...common,
  operation: z.literal("unlock"),
  target,
});
export const requireChangeRequest = z.strictObject({
  ...common,
  operation: z.literal("requireChange"),
  target,
});
export const probeRequest = z.strictObject({ ...common, operation: z.literal("probe") });
/** A question: it writes nothing, so it may be answered again and leaves no trace. */
export const passwordRulesRequest = z.strictObject({
  ...common,
  operation: z.literal("passwordRules"),
  target,
});

/** The claims inside an envelope. */
export const request = z.discriminatedUnion("operation", [
  changeRequest,
  resetRequest,
  unlockRequest,
  requireChangeRequest,
  probeRequest,
  passwordRulesRequest,
]);
export type Request = z.infer<typeof request>;
export type ChangeRequest = z.infer<typeof changeRequest>;
export type ResetRequest = z.infer<typeof resetRequest>;
export type UnlockRequest = z.infer<typeof unlockRequest>;
export type RequireChangeRequest = z.infer<typeof requireChangeRequest>;
export type PasswordRulesRequest = z.infer<typeof passwordRulesRequest>;
/** Whether a request only asks: it is answered, however often it comes, and nothing is noted. */
export const isQuestion = (asked: Request): asked is PasswordRulesRequest =>
  asked.operation === "passwordRules";

/** A request about an account: every one but the probe. */
export type AccountRequest = Exclude<Request, { operation: "probe" }>;

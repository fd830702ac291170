/** What a client can do with a queue. */
export type Right = "send" | "listen";

/** Who a token speaks for, and until when (milliseconds since 1970). */
export interface VerifiedToken {
  readonly subject: string;
  readonly expiresAt: number;
}

/** Undefined: the token is refused. The audience is the URI of the queue (`sb://...`). */
export type VerifyToken = (token: string, audience: string) => Promise<VerifiedToken | undefined>;

/** May this subject do that with this queue? */
export type MayUse = (subject: string, queueName: string, right: Right) => boolean;

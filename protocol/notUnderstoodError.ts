import { z } from "zod";
import type { ErrorCode } from "./errors.ts";
import { ProtocolError } from "./protocolError.ts";
import { replyKey } from "./request.ts";

/** For whom a request must be. */
export interface Addressee {
  readonly connector: string;
  readonly tenant: string;
}

/** What an answer needs; the same in every version. */
const answerable = z.object({
  jti: z.uuid(),
  replyKey,
  exp: z.number().catch(0),
  aud: z.string(),
  iss: z.string(),
});

/** What can be told of a request that is not understood. */
export interface NotUnderstood {
  readonly jti: string;
  /** The key that the reply is sealed with. */
  readonly replyKey: string;
  /** Seconds since 1970, as it was sent; 0 where it was no number. */
  readonly exp: number;
}

/**
 * A request that a trusted instance has signed, for this connector, and that only a newer reader
 * understands. It can be told so, or somebody would wait for nothing.
 */
export class NotUnderstoodError extends ProtocolError {
  readonly request: NotUnderstood;

  private constructor(code: ErrorCode, { jti, replyKey, exp }: NotUnderstood) {
    super(code);
    this.request = { jti, replyKey, exp };
  }

  /** @returns undefined where the claims, whose signature holds, cannot be answered either */
  static about(
    payload: unknown,
    { connector, tenant }: Addressee,
    code: ErrorCode,
  ): NotUnderstoodError | undefined {
    const claims = answerableClaims(payload, { connector, tenant });
    return claims && new NotUnderstoodError(code, claims);
  }
}

/** What an answer needs of claims, where they are for this connector. */
export function answerableClaims(
  payload: unknown,
  { connector, tenant }: Addressee,
): NotUnderstood | undefined {
  const { aud, iss, ...claims } = answerable.safeParse(payload).data ?? {};
  const isAddressed = aud === connector && iss === tenant;
  return isAddressed ? (claims as NotUnderstood) : undefined;
}

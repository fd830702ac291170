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
const answerable = z.object({ jti: z.uuid(), replyKey, aud: z.string(), iss: z.string() });

/**
 * A request that a trusted instance has signed, for this connector, and that only a newer reader
 * understands. It can be told so, or somebody would wait for nothing.
 */
export class NotUnderstoodError extends ProtocolError {
  /** Request id, and the key that the reply is sealed with. */
  readonly request: { readonly jti: string; readonly replyKey: string };

  private constructor(code: ErrorCode, { jti, replyKey }: z.infer<typeof answerable>) {
    super(code);
    this.request = { jti, replyKey };
  }

  /** @returns undefined where the claims, whose signature holds, cannot be answered either */
  static about(
    payload: unknown,
    { connector, tenant }: Addressee,
    code: ErrorCode,
  ): NotUnderstoodError | undefined {
    const claims = answerable.safeParse(payload).data;
    const isAddressed = claims?.aud === connector && claims.iss === tenant;
    return isAddressed ? new NotUnderstoodError(code, claims) : undefined;
  }
}

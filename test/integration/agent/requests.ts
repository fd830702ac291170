import { randomBytes, randomUUID } from "node:crypto";
import type { Request } from "../../../protocol/request.ts";

export const TENANT = "7d3c2f10-0000-4000-8000-00000000aaaa";

/** The members of a request that a test does not care about. */
export type Wish<T> = T extends Request
  ? Pick<T, "operation"> & Partial<Omit<T, "operation">>
  : never;

/** A request with everything filled in that the test left out. */
export function requestOf(wish: Wish<Request>): Request {
  const now = Date.now() / 1_000;
  return {
    version: 1,
    iss: TENANT,
    aud: "corp",
    jti: randomUUID(),
    iat: now,
    exp: now + 10,
    origin: "portal",
    requester: { id: "portal" },
    replyKey: randomBytes(32).toString("base64url"),
    trackingId: randomUUID(),
    ...wish,
  } as Request;
}

import { createHash } from "node:crypto";
import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { z } from "zod";
import type { AuditFilter } from "../records/auditRecords.ts";

/** What the table service calls a place in a list: keys, as it encodes them. */
const PLACE = /^[\w!+/=.-]{1,400}$/;

const place = z.strictObject({
  nextPartitionKey: z.string().regex(PLACE),
  nextRowKey: z.string().regex(PLACE).optional(),
});
const token = z.strictObject({ v: z.literal(1), of: z.string(), at: place });

/** What the list was asked for: a place in one list says nothing in another. */
const questionOf = ({ from, to, actor, target, activity }: AuditFilter): string =>
  createHash("sha256")
    .update(JSON.stringify([from, to, actor, target, activity]))
    .digest("base64url");

/**
 * A place in a list as callers carry it. It is no secret and not signed: whoever may read the list
 * may begin anywhere in it, and what they ask for is asked anew each time.
 * @param next as the table client gave it
 */
export const skipToken = (next: string, filter: AuditFilter): string =>
  Buffer.from(
    JSON.stringify({
      v: 1,
      of: questionOf(filter),
      at: parseJson(Buffer.from(next, "base64").toString("utf8")),
    }),
  ).toString("base64url");

/** The place for the table client; undefined where the token is none of this list's. */
export function readSkipToken(given: string, filter: AuditFilter): string | undefined {
  const { data } = token.safeParse(parseJson(Buffer.from(given, "base64url").toString("utf8")));
  if (data?.of !== questionOf(filter)) return undefined;
  return Buffer.from(JSON.stringify(data.at)).toString("base64");
}

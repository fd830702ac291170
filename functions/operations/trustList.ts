import {
  MAX_TRUST_LIST_BODY_BYTES,
  MAX_TRUST_LIST_CHARACTERS,
} from "@password-writeback/protocol/limits.ts";
import type { TrustList } from "@password-writeback/protocol/trustList.ts";
import { trustListChanges } from "@password-writeback/protocol/trustListChanges.ts";
import { contradictionIn } from "@password-writeback/protocol/trustListRules.ts";
import { z } from "zod";
import type { Handler } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import { readBody } from "../http/body.ts";
import type { Parts } from "../parts.ts";

const body = z.strictObject({ trustList: z.string().min(1).max(MAX_TRUST_LIST_CHARACTERS) });

/** Seconds that an operator's clock may be ahead. */
const AHEAD_SECONDS = 3_600;

/** `GET /v1.0/trustList`: the list as it lies there; who asks verifies it with the root key. */
export const readTrustList: Handler = async (_call, parts) => {
  const published = await parts.publishedList.read();
  if (!published) throw new ApiError("trustListNotFound");
  return { status: 200, jsonBody: { trustList: published.jws } };
};

/**
 * `PUT /v1.0/trustList`: puts a list in force that the root key has signed and that follows the
 * one there, of which only one can. A list that is there already is no error: the answer to the
 * first try may have been lost.
 */
export const publishTrustList: Handler = async (call, parts) => {
  const { trustList: jws } = await readBody(call.request, body, MAX_TRUST_LIST_BODY_BYTES);
  const list = await parts.trust.verify(jws).catch((cause: unknown) => {
    throw new ApiError("trustListRefused", { target: "trustList", cause });
  });
  const contradiction = await contradictionIn(list);
  if (contradiction) throw new ApiError("trustListRefused", { target: contradiction });
  // Keys may last 180 days from then: by a clock that is ahead they would last longer.
  if (list.iat > parts.now() / 1_000 + AHEAD_SECONDS)
    throw new ApiError("trustListRefused", { target: "iat" });
  const answer = { status: 200, jsonBody: { serial: list.serial } };
  const published = await parts.publishedList.read();
  const isThere = published?.jws === jws;
  if (isThere && published.etag !== undefined) return answer;
  const before = published && (await parts.trust.verify(published.jws).catch(() => undefined));
  // In the first version's place it is followed by itself, in today's.
  await assertFollows(list, isThere ? undefined : before, parts);
  if (!(await parts.publishedList.replace(jws, published?.etag)))
    throw new ApiError("trustListSuperseded");
  call.trail.note({ changes: trustListChanges(before, list) });
  return answer;
};

/**
 * Where the row was emptied, spoilt or put back, the root key's tag still says how far the
 * operators are; the list that it counts may then come again.
 * @throws ApiError `trustListSuperseded`, `signingUnavailable`
 */
async function assertFollows(
  list: TrustList,
  before: TrustList | undefined,
  parts: Parts,
): Promise<void> {
  const newest = await parts.newestSerial().catch((cause: unknown) => {
    throw new ApiError("signingUnavailable", { cause });
  });
  if (list.serial <= (before?.serial ?? 0) || list.serial < newest)
    throw new ApiError("trustListSuperseded");
}

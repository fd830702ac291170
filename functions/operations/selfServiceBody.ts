import { z } from "zod";
import { ApiError } from "../http/apiError.ts";
import type { Parts } from "../parts.ts";
import { userId } from "../people/userFacts.ts";

/** Milliseconds that the portal's clock may be ahead. */
const AHEAD_MS = 60_000;

const proof = z.strictObject({
  /** The methods with which the person proved who they are, in the portal's words. */
  methods: z
    .array(z.string().regex(/^[A-Za-z][\w.-]{0,39}$/))
    .min(1)
    .max(10),
  /** When they did. */
  time: z.iso.datetime({ offset: true }),
});

/** Members of every self-service body. */
export const selfServiceMembers = { user: userId, proof };

/**
 * What the record keeps of a proof. It is the portal's word and nothing more, and it ages.
 * @throws ApiError `proofTooOld`
 */
export function freshProof(given: z.infer<typeof proof>, parts: Parts): string {
  const age = parts.now() - Date.parse(given.time);
  if (age > parts.proofMaxAge || age < -AHEAD_MS)
    throw new ApiError("proofTooOld", { target: "proof.time" });
  return `${given.methods.join(",")} at ${new Date(given.time).toISOString()}`;
}

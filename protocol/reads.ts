import { decodeProtectedHeader } from "jose";
import { z } from "zod";

/**
 * How the cloud half reads what agents write: said in the header of everything that it signs for
 * them, a private parameter (RFC 7515 section 4.3) that verifiers who do not know it pass over.
 * 1, which the first version never said: what holds a member that it does not know is refused.
 * 2: such members are left out. See docs/decisions/0029.
 */
export const READS = 2;

/** What a reader says that says nothing. */
export const READS_FIRST = 1;

const announced = z.looseObject({ reads: z.int().min(READS_FIRST) });

/**
 * How the signer of a compact JWS reads; whoever says nothing that is understood, as the first
 * version did. To be believed only once the signature was verified, which covers it.
 */
export function readsOf(jws: string): number {
  try {
    return announced.parse(decodeProtectedHeader(jws)).reads;
  } catch {
    return READS_FIRST;
  }
}

import type { DirectoryEvidence } from "@password-writeback/protocol/outcome.ts";

/** An integer of 32 bits in Active Directory's schema; nothing else that is said is one. */
const MOST = 0xffff_ffffn;

const numberOf = (version: bigint | undefined): number | undefined =>
  version !== undefined && version >= 0n && version <= MOST ? Number(version) : undefined;

/**
 * What the record says of an account's `msDS-KeyVersionNumber`; a value that is none is left out.
 * @param before undefined where it could not be read
 * @param after undefined where it is not known
 */
export function keyVersionEvidence(
  before: bigint | undefined,
  after?: bigint,
): Pick<DirectoryEvidence, "keyVersionBefore" | "keyVersionAfter"> {
  const keyVersionBefore = numberOf(before);
  const keyVersionAfter = numberOf(after);
  return {
    ...(keyVersionBefore !== undefined && { keyVersionBefore }),
    ...(keyVersionAfter !== undefined && { keyVersionAfter }),
  };
}

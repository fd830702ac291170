import type { TrustList } from "@password-writeback/protocol/trustList.ts";
import type { OperatorVault, VaultKey } from "./vault.ts";

/**
 * How far a planned roll is. The list in force and the vault tell it, so that whoever goes on need
 * not know who began.
 */
export type RollState =
  /** One key is listed; agents are to learn of the next one. */
  | { readonly step: "announce"; readonly old: VaultKey }
  /** Both are listed, functions sign with the old one: agents are learning. */
  | { readonly step: "use"; readonly next: VaultKey; readonly old: VaultKey }
  /** Both are listed, functions sign with the next one: the old one is to go. */
  | { readonly step: "drop"; readonly next: VaultKey; readonly old: VaultKey };

/** @returns undefined where the list is none that a roll leaves */
export async function rollState(
  { signingKeys }: TrustList,
  newest: VaultKey,
  vault: Pick<OperatorVault, "version">,
): Promise<RollState | undefined> {
  if (signingKeys.length > 2) return undefined;
  const [first, last] = await Promise.all(signingKeys.map(({ kid }) => vault.version(kid)));
  if (!first) return undefined;
  if (!last) return { step: "announce", old: first };
  // Times of the vault are whole seconds; which version is the newest one it knows better.
  const isFirstNewer =
    first.kid === newest.kid || (last.kid !== newest.kid && isLater(first, last));
  return isFirstNewer
    ? { step: "use", next: first, old: last }
    : { step: "drop", next: last, old: first };
}

const isLater = (one: VaultKey, other: VaultKey): boolean => one.created > other.created;

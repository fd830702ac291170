import { CONTROL } from "../wire/controls.ts";

/** How a controller stands. Tests switch it while it runs; what it answers follows at once. */
export interface Condition {
  /** OIDs of the policy-hints controls that it knows: both since 2012, one or none before. */
  policyHints: readonly string[];
  /** A read-only controller refers every write to a writable one. */
  readOnly: boolean;
  /** Attributes, in lower case, that only administrators can read. */
  concealed: readonly string[];
  /** What the rootDSE shows instead of the right values; an empty list leaves the attribute out. */
  rootDse: Readonly<Record<string, readonly string[]>>;
}

/** Which policy-hints controls a controller knows: both, none, or one of them. */
export type PolicyHintsOffer = boolean | "current" | "deprecated";

/** @returns their OIDs */
export function hintsOffered(offer: PolicyHintsOffer): readonly string[] {
  if (offer === "current") return [CONTROL.policyHints];
  if (offer === "deprecated") return [CONTROL.policyHintsDeprecated];
  return offer ? [CONTROL.policyHints, CONTROL.policyHintsDeprecated] : [];
}

/** A writable controller that tells the truth. */
export const newCondition = (offer: PolicyHintsOffer): Condition => ({
  policyHints: hintsOffered(offer),
  readOnly: false,
  concealed: [],
  rootDse: {},
});

import type { Entry } from "ldapts";
import { sidOf, Unreadable, valuesOf } from "./values.ts";

const DOMAIN_ACCOUNT = /^S-1-5-21-/;

/**
 * The SIDs that the agent acts with, from the rootDSE's `tokenGroups`: its own account's and its
 * groups' (MS-ADTS 3.1.1.3.2.25). No account but its own has a SID that is among them. Undefined
 * where they cannot be read, or hold no account of a domain.
 */
export function ownSids(rootDse: Entry): ReadonlySet<string> | undefined {
  try {
    const sids = new Set(valuesOf(rootDse, "tokenGroups").map(sidOf));
    return [...sids].some((sid) => DOMAIN_ACCOUNT.test(sid)) ? sids : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

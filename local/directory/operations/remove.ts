import type { Identity } from "../accounts/identity.ts";
import { accessDenied, unwilling, updateFailure } from "../diagnostics.ts";
import type { Domain } from "../domain/domain.ts";
import { CODE } from "../failure.ts";
import { resolve } from "../names/resolve.ts";
import { walk } from "../store/store.ts";

/**
 * Deletes an object; only administrators may, and objects of the system stay.
 *
 * @param withSubtree the tree-delete control was sent: all below goes too
 * @throws LdapFailure
 */
export function remove(domain: Domain, identity: Identity, dn: string, withSubtree: boolean): void {
  const entry = resolve(domain.store, dn);
  if (!identity.isAdministrator) throw accessDenied("00000005");
  if (entry.children.size > 0 && !withSubtree) {
    throw updateFailure(CODE.notAllowedOnNonLeaf, "00002015", 6003);
  }
  const doomed = [...walk(entry)].reverse();
  const isSystem = doomed.some(
    (each) => each.isContextHead || each.attributes.has("iscriticalsystemobject"),
  );
  if (isSystem) throw unwilling("00002077");
  for (const each of doomed) domain.store.remove(each);
}

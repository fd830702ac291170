import type { Identity } from "../accounts/identity.ts";
import { unknownAttribute } from "../diagnostics.ts";
import type { Domain } from "../domain/domain.ts";
import { Draft } from "../modify/draft.ts";
import { judgingOrder, ruleOf } from "../modify/rules.ts";
import { resolve } from "../names/resolve.ts";
import { attributeKey, attributeType } from "../schema/attributes.ts";
import type { Change, ModifyRequest } from "../wire/request.ts";

/** Changes by attribute, in the order of the request. */
function byAttribute(changes: readonly Change[]): Map<string, Change[]> {
  const grouped = new Map<string, Change[]>();
  for (const change of changes) {
    const key = attributeKey(change.name);
    if (!attributeType(key)) throw unknownAttribute();
    const list = grouped.get(key);
    if (list) list.push(change);
    else grouped.set(key, [change]);
  }
  return grouped;
}

/**
 * One modify, all or nothing. Rights on all attributes are checked before any value is looked at.
 * What a refused change of a password leaves is only the count of wrong passwords.
 *
 * @param hinted the policy-hints control asks for history and minimum age
 * @throws LdapFailure
 */
export function modify(
  domain: Domain,
  identity: Identity,
  request: ModifyRequest,
  hinted: boolean,
): void {
  const draft = new Draft(resolve(domain.store, request.dn));
  const modification = { domain, identity, draft, hinted };
  const changes = byAttribute(request.changes);
  for (const [attribute, list] of changes) ruleOf(attribute).checkAccess(modification, list);
  for (const attribute of judgingOrder(changes.keys())) {
    ruleOf(attribute).apply(modification, changes.get(attribute) ?? []);
  }
  draft.commit(domain.store);
}

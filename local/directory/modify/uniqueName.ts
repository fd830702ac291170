import { constraint, unwilling, updateFailure } from "../diagnostics.ts";
import { CODE } from "../failure.ts";
import type { Entry } from "../store/entry.ts";
import type { Store } from "../store/store.ts";
import type { AttributeRule } from "./attributeRule.ts";
import { plainAttribute } from "./plainAttribute.ts";

/**
 * Account names and user principal names belong to one object only (MS-ADTS 3.1.1.5.1.3).
 *
 * @throws LdapFailure 68 for an account name, 19 for a user principal name
 */
export function checkUnique(
  store: Store,
  attribute: string,
  values: readonly Buffer[],
  self?: Entry,
): void {
  for (const value of values) {
    const holders = store.index.find(attribute, value) ?? [];
    if (![...holders].some((holder) => holder !== self)) continue;
    if (attribute === "samaccountname") {
      throw updateFailure(CODE.entryAlreadyExists, "00000524", 6005);
    }
    throw constraint("000021C8", attribute);
  }
}

export const sAMAccountName: AttributeRule = {
  checkAccess: plainAttribute.checkAccess,
  apply(modification, changes) {
    const { domain, draft } = modification;
    plainAttribute.apply(modification, changes);
    const names = draft.get("samaccountname");
    if (names.length === 0) throw unwilling("00002077");
    checkUnique(domain.store, "samaccountname", names, draft.entry);
  },
};

export const userPrincipalName: AttributeRule = {
  checkAccess: plainAttribute.checkAccess,
  apply(modification, changes) {
    const { domain, draft } = modification;
    plainAttribute.apply(modification, changes);
    const names = draft.get("userprincipalname");
    checkUnique(domain.store, "userprincipalname", names, draft.entry);
  },
};

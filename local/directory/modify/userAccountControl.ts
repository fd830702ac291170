import { accountType, COMPUTED_BITS, UAC } from "../accounts/userAccountControl.ts";
import { unwilling } from "../diagnostics.ts";
import type { AttributeRule } from "./attributeRule.ts";
import { plainAttribute, requireAdministrator } from "./plainAttribute.ts";

const OPEN_MASK = UAC.normalAccount | UAC.disabled | UAC.passwordNotRequired;

/**
 * Computed bits are dropped. A person's account without a password can't be enabled unless it needs
 * none (refused as a password that breaks the policy, MS-SAMR 3.1.1.8.10).
 */
export const userAccountControl: AttributeRule = {
  checkAccess: requireAdministrator,
  apply(modification, changes) {
    const { domain, draft } = modification;
    plainAttribute.apply(modification, changes);
    if (draft.get("useraccountcontrol").length === 0) throw unwilling("00002077");
    const control = Number(draft.integer("useraccountcontrol")) & ~COMPUTED_BITS;
    const isOpen = (control & OPEN_MASK) === UAC.normalAccount;
    const needsPassword = domain.head.integer("minpwdlength") > 0n;
    const hasPassword = draft.entry.secret?.isSet !== false || draft.wrote("unicodepwd");
    if (isOpen && needsPassword && !hasPassword) throw unwilling("0000052D");
    draft.setInteger("useraccountcontrol", control);
    draft.setInteger("samaccounttype", accountType(control));
  },
};

import { accessDenied, unwilling } from "../diagnostics.ts";
import type { AttributeRule } from "./attributeRule.ts";
import { plainAttribute } from "./plainAttribute.ts";

/** Zero unlocks and forgets the wrong passwords (MS-SAMR 3.1.1.8.3); it can't be taken away. */
export const lockoutTime: AttributeRule = {
  checkAccess({ domain, identity, draft }) {
    if (!domain.delegations.allows(identity, "lockoutTime", draft.entry)) {
      throw accessDenied("00002098");
    }
  },
  apply(modification, changes) {
    const { draft } = modification;
    plainAttribute.apply(modification, changes);
    if (draft.get("lockouttime").length === 0) throw unwilling("00002077");
    if (draft.integer("lockouttime") === 0n) draft.setInteger("badpwdcount", 0);
  },
};

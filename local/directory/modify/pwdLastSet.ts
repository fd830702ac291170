import {
  accessDenied,
  attributeFailure,
  constraint,
  invalidArgument,
  unwilling,
} from "../diagnostics.ts";
import { CODE } from "../failure.ts";
import { parseInteger } from "../schema/comparison.ts";
import type { Change } from "../wire/request.ts";
import type { AttributeRule } from "./attributeRule.ts";

const EXPIRE = 0n;
const UNEXPIRE = -1n;

/** What a request asks of `pwdLastSet`: 0 for must change, -1 for now. */
export function askedPwdLastSet(changes: readonly Change[]): bigint | undefined {
  const value = changes.findLast((change) => change.kind !== "delete")?.values[0];
  return value && parseInteger(value);
}

/**
 * Only 0 and -1 can be written (MS-SAMR 3.1.1.8.8). Deleting the value that was read makes the
 * whole modify conditional: another value in the directory refuses it with 16 `00002085`. A -1
 * without a new password changes nothing unless the value is 0, and needs Unexpire Password.
 */
export const pwdLastSet: AttributeRule = {
  checkAccess({ domain: { delegations }, identity, draft }, changes) {
    if (!delegations.allows(identity, "pwdLastSet", draft.entry)) throw accessDenied("00002098");
    if (askedPwdLastSet(changes) === UNEXPIRE && !delegations.mayUnexpire(identity)) {
      throw accessDenied("00000005");
    }
  },
  apply({ domain, draft }, changes) {
    const held = draft.integer("pwdlastset");
    const deletes = changes.filter((change) => change.kind === "delete");
    for (const expected of deletes.flatMap((change) => change.values)) {
      if (parseInteger(expected) !== held) {
        throw attributeFailure(CODE.noSuchAttribute, "00002085", 1001, "pwdLastSet");
      }
    }
    const writes = changes.filter((change) => change.kind !== "delete");
    const values = writes.flatMap((change) => change.values);
    if (values.length === 0) throw unwilling("00002077");
    const isAddToValue = deletes.length === 0 && writes.some((change) => change.kind === "add");
    if (values.length > 1 || isAddToValue) throw constraint("00002081", "pwdLastSet");
    const asked = askedPwdLastSet(changes);
    if (asked !== EXPIRE && asked !== UNEXPIRE) throw invalidArgument();
    if (asked === EXPIRE) draft.setInteger("pwdlastset", 0);
    else if (held === 0n) draft.setInteger("pwdlastset", domain.store.ticks.next());
  },
};

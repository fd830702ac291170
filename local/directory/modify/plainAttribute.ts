import {
  accessDenied,
  attributeFailure,
  constraint,
  invalidValue,
  unwilling,
  updateFailure,
} from "../diagnostics.ts";
import { CODE } from "../failure.ts";
import { type AttributeType, attributeKey, attributeType } from "../schema/attributes.ts";
import { comparisonKey } from "../schema/comparison.ts";
import type { Change } from "../wire/request.ts";
import type { AttributeRule, Modification } from "./attributeRule.ts";

/** Only administrators may write; there are no other property rights than the delegated ones. */
export function requireAdministrator({ identity }: Modification): void {
  if (!identity.isAdministrator) throw accessDenied("00002098");
}

function keyOf(type: AttributeType, value: Buffer): string {
  const key = comparisonKey(type.syntax, value);
  if (key === undefined) throw invalidValue();
  return key;
}

/** Values after one change (RFC 4511 §4.6). Values are copied: requests share their memory. */
export function changedValues(
  type: AttributeType,
  held: readonly Buffer[],
  { kind, values }: Change,
): readonly Buffer[] {
  const keys = values.map((value) => keyOf(type, value));
  if (new Set(keys).size < keys.length) {
    throw attributeFailure(CODE.attributeOrValueExists, "00002083", 1006, type.name);
  }
  const heldKeys = held.map((value) => comparisonKey(type.syntax, value));
  if (kind === "delete") {
    if (held.length === 0 || keys.some((key) => !heldKeys.includes(key))) {
      throw attributeFailure(CODE.noSuchAttribute, "00002085", 1001, type.name);
    }
    return keys.length === 0 ? [] : held.filter((_, at) => !keys.includes(heldKeys[at] ?? ""));
  }
  if (kind === "add" && keys.some((key) => heldKeys.includes(key))) {
    throw attributeFailure(CODE.attributeOrValueExists, "00002083", 1006, type.name);
  }
  const result = [...(kind === "add" ? held : []), ...values.map((value) => Buffer.from(value))];
  if (type.single && result.length > 1) throw constraint("00002081", type.name);
  return result;
}

/** Attributes without a rule of their own. */
export const plainAttribute: AttributeRule = {
  checkAccess: requireAdministrator,
  apply({ draft }, changes) {
    for (const change of changes) {
      const key = attributeKey(change.name);
      const type = attributeType(key);
      if (key === draft.entry.rdn.type.toLowerCase()) {
        throw updateFailure(CODE.notAllowedOnRdn, "00002016", 6004);
      }
      if (type?.nature !== "normal") throw unwilling("00002077");
      draft.set(key, changedValues(type, draft.get(key), change));
    }
  },
};

import type { AttributeRule } from "./attributeRule.ts";
import { lockoutTime } from "./lockoutTime.ts";
import { member } from "./member.ts";
import { plainAttribute } from "./plainAttribute.ts";
import { pwdLastSet } from "./pwdLastSet.ts";
import { unicodePwd } from "./unicodePwd.ts";
import { sAMAccountName, userPrincipalName } from "./uniqueName.ts";
import { userAccountControl } from "./userAccountControl.ts";

const RULES: ReadonlyMap<string, AttributeRule> = new Map([
  ["pwdlastset", pwdLastSet],
  ["lockouttime", lockoutTime],
  ["useraccountcontrol", userAccountControl],
  ["member", member],
  ["samaccountname", sAMAccountName],
  ["userprincipalname", userPrincipalName],
  ["unicodepwd", unicodePwd],
]);

/**
 * The condition on `pwdLastSet` is judged before all else. The password comes after what may be
 * refused without counting a wrong one, and the control bits after the password: they ask for one.
 */
const RANKS: Readonly<Record<string, number>> = {
  pwdlastset: -1,
  unicodepwd: 1,
  useraccountcontrol: 2,
};

export const ruleOf = (attribute: string): AttributeRule => RULES.get(attribute) ?? plainAttribute;

/** Attributes of one modify in the order in which they are judged. */
export const judgingOrder = (attributes: Iterable<string>): string[] =>
  [...attributes].sort((left, right) => (RANKS[left] ?? 0) - (RANKS[right] ?? 0));

import { attributeFailure, unwilling, updateFailure } from "../diagnostics.ts";
import { CODE } from "../failure.ts";
import { resolve } from "../names/resolve.ts";
import type { Entry } from "../store/entry.ts";
import type { AttributeRule } from "./attributeRule.ts";
import { requireAdministrator } from "./plainAttribute.ts";

/**
 * Forward links to existing objects. Adding a member twice is 68 `00000562`, taking away one that
 * is not there 53 `00000561`.
 */
export const member: AttributeRule = {
  checkAccess: requireAdministrator,
  apply({ domain, draft }, changes) {
    const group = draft.entry;
    if (!group.isA("group")) throw updateFailure(CODE.objectClassViolation, "0000207D", 6002);
    const members = new Set(group.members);
    for (const { kind, values } of changes) {
      const named = values.map((value) => resolve(domain.store, value.toString("utf8")));
      if (kind === "replace" || (kind === "delete" && named.length === 0)) members.clear();
      for (const each of named) {
        if (kind === "delete") {
          if (!members.delete(each)) throw unwilling("00000561");
        } else if (members.has(each)) {
          throw updateFailure(CODE.entryAlreadyExists, "00000562", 6005);
        } else if (each === group) {
          throw attributeFailure(CODE.constraintViolation, "00002081", 1005, "member");
        } else {
          members.add(each);
        }
      }
    }
    draft.atCommit("member", () => replaceMembers(group, members));
  },
};

function replaceMembers(group: Entry, members: ReadonlySet<Entry>): void {
  for (const former of group.members) former.groups.delete(group);
  group.members.clear();
  for (const each of members) {
    group.members.add(each);
    each.groups.add(group);
  }
}

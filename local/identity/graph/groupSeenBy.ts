import type { Group } from "./groups.ts";

const READ_GROUPS: readonly unknown[] = [
  "GroupMember.Read.All",
  "Group.Read.All",
  "Directory.Read.All",
];

/**
 * A group as Graph tells it: to those who may not read groups its type and id alone, with `null`
 * for all else and no error.
 * @param granted application permissions of the caller
 */
export function groupSeenBy(granted: readonly unknown[], { id, isAssignableToRole }: Group) {
  const isSeen = granted.some((permission) => READ_GROUPS.includes(permission));
  return {
    "@odata.type": "#microsoft.graph.group",
    id,
    // A group that cannot hold roles says null there, not false.
    isAssignableToRole: isSeen && isAssignableToRole ? true : null,
    securityEnabled: isSeen ? true : null,
  };
}

import { sidWithRid } from "../names/sid.ts";
import type { Entry } from "../store/entry.ts";
import type { Store } from "../store/store.ts";

const SECURITY_ENABLED = 0x8000_0000n;

const isSecurityGroup = (group: Entry): boolean =>
  (BigInt.asUintN(32, group.integer("grouptype")) & SECURITY_ENABLED) !== 0n;

const GLOBAL = 0x2n;

/** Global security groups that hold a user, directly or nested, the primary group included. */
export const globalGroups = (store: Store, user: Entry): ReadonlySet<Entry> =>
  new Set(
    [...securityGroups(store, user)].filter(
      (group) => (group.integer("grouptype") & GLOBAL) !== 0n,
    ),
  );

/**
 * SIDs of the security groups that hold an object, directly or nested, the primary group included
 * (`tokenGroups`, MS-ADTS 3.1.1.4.5.19). The object's own SID is not among them.
 */
export const tokenGroups = (store: Store, object: Entry): Buffer[] =>
  [...securityGroups(store, object)].flatMap((group) => group.attributes.get("objectsid") ?? []);

function securityGroups(store: Store, object: Entry): ReadonlySet<Entry> {
  const found = new Set<Entry>();
  const visit = (group: Entry): void => {
    if (found.has(group) || !isSecurityGroup(group)) return;
    found.add(group);
    for (const above of group.groups) visit(above);
  };
  const primary = object.attributes.has("primarygroupid")
    ? store.findBySid(sidWithRid(store.domainSid, Number(object.integer("primarygroupid"))))
    : undefined;
  if (primary) visit(primary);
  for (const group of object.groups) visit(group);
  return found;
}

import { sidText } from "../names/sid.ts";
import type { Entry } from "../store/entry.ts";
import { type Store, walk } from "../store/store.ts";
import { tokenGroups } from "./membership.ts";

/** Groups whose members are protected, and accounts that are themselves (MS-ADTS 3.1.1.6.1.2). */
const GROUPS = /^S-1-5-32-(544|548|549|550|551|552)$|^S-1-5-21-\d+-\d+-\d+-(512|516|518|519|521)$/;
const ACCOUNTS = /^S-1-5-21-\d+-\d+-\d+-50[02]$/;

const HOLDER = /^cn=adminsdholder,cn=system,/;
const COUNTED = [Buffer.from("1")];

/** The object whose rights every protected account gets. */
export const isHolder = (entry: Entry): boolean => HOLDER.test(entry.key);

function isProtected(store: Store, entry: Entry): boolean {
  const className = entry.attributes.get("objectclass")?.at(-1)?.toString("utf8");
  if (className !== "user" && className !== "group") return false;
  const own = (entry.attributes.get("objectsid") ?? []).map(sidText);
  const groups = tokenGroups(store, entry).map(sidText);
  return (
    own.some((sid) => GROUPS.test(sid) || ACCOUNTS.test(sid)) ||
    groups.some((sid) => GROUPS.test(sid))
  );
}

/** Gives one object the rights of AdminSDHolder, in the place of inherited ones. */
export function protect(store: Store, entry: Entry): void {
  entry.inheritsRights = false;
  if (entry.text("admincount") !== "1") store.write(entry, new Map([["admincount", COUNTED]]));
}

/**
 * What the PDC emulator does once an hour (MS-ADTS 3.1.1.6.1): protects whoever belongs to a
 * protected group at that moment. Nothing ever takes the protection back.
 */
export function protectMembers(store: Store, head: Entry): void {
  for (const entry of [...walk(head)]) if (isProtected(store, entry)) protect(store, entry);
}

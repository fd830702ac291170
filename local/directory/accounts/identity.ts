import { parseSid, sidText } from "../names/sid.ts";
import type { Entry } from "../store/entry.ts";
import type { Store } from "../store/store.ts";
import { tokenGroups } from "./membership.ts";

const WELL_KNOWN = ["S-1-1-0", "S-1-5-11"].flatMap((text) => parseSid(text) ?? []);
const ADMINISTRATORS = /^S-1-5-32-544$|^S-1-5-21-\d+-\d+-\d+-51[29]$/;

/** Who a connection is bound as. Its groups are those of the moment of the bind, as in Windows. */
export interface Identity {
  readonly entry: Entry;
  /** Own SID, groups, Everyone, Authenticated Users. */
  readonly sids: readonly Buffer[];
  /** Member of Administrators, Domain Admins or Enterprise Admins. */
  readonly isAdministrator: boolean;
}

export function identityOf(store: Store, entry: Entry): Identity {
  const groups = tokenGroups(store, entry);
  return {
    entry,
    sids: [...(entry.attributes.get("objectsid") ?? []), ...groups, ...WELL_KNOWN],
    isAdministrator: groups.some((sid) => ADMINISTRATORS.test(sidText(sid))),
  };
}

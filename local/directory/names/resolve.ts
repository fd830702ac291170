import { badName, noSuchObject, otherDomain } from "../diagnostics.ts";
import type { Entry } from "../store/entry.ts";
import type { Store } from "../store/store.ts";
import { dnKey, dnsDomain, InvalidName, parseDn, type Rdn } from "./distinguishedName.ts";
import { parseGuid } from "./guid.ts";
import { parseSid } from "./sid.ts";

const ALTERNATIVE = /^<(GUID|SID)=([^>]*)>$/i;
const RAW_SID = /^(?:[0-9a-f]{2})+$/i;

/** Components of a name; a name that is none is refused with 34. */
export function parseName(dn: string): Rdn[] {
  try {
    return parseDn(dn);
  } catch (error) {
    if (error instanceof InvalidName) throw badName(dn);
    throw error;
  }
}

/**
 * The entry that a name stands for: a distinguished name, or `<GUID=…>` or `<SID=…>` in text or
 * raw hex (MS-ADTS 3.1.1.3.1.2.4).
 *
 * @throws LdapFailure 34 for what is no name, 10 for another domain, 32 for nothing there
 */
export function resolve(store: Store, dn: string): Entry {
  const alternative = ALTERNATIVE.exec(dn);
  if (alternative) {
    const [, form = "", id = ""] = alternative;
    const entry = form.toUpperCase() === "GUID" ? findByGuid(store, id) : findBySid(store, id);
    if (!entry) throw noSuchObject("");
    return entry;
  }
  const rdns = parseName(dn);
  const entry = store.findByKey(dnKey(rdns));
  if (entry) return entry;
  throw missing(store, dn, rdns);
}

function findByGuid(store: Store, id: string): Entry | undefined {
  const guid = parseGuid(id);
  return guid && store.findByGuid(guid);
}

function findBySid(store: Store, id: string): Entry | undefined {
  const sid = parseSid(id) ?? (RAW_SID.test(id) ? Buffer.from(id, "hex") : undefined);
  return sid && store.findBySid(sid);
}

function missing(store: Store, dn: string, rdns: readonly Rdn[]): Error {
  for (let above = 1; above < rdns.length; above += 1) {
    const entry = store.findByKey(dnKey(rdns.slice(above)));
    if (entry) return noSuchObject(entry.dn);
  }
  const domain = dnsDomain(rdns);
  return domain ? otherDomain(domain, dn) : noSuchObject("");
}

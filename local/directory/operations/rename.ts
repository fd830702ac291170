import type { Identity } from "../accounts/identity.ts";
import { accessDenied, badName, unwilling, updateFailure } from "../diagnostics.ts";
import type { Domain } from "../domain/domain.ts";
import { CODE } from "../failure.ts";
import { rdnKey } from "../names/distinguishedName.ts";
import { parseName, resolve } from "../names/resolve.ts";
import type { RenameRequest } from "../wire/request.ts";

/**
 * Renames or moves an object with all below it; only administrators may. GUID, SID and links stay.
 *
 * @throws LdapFailure
 */
export function rename(domain: Domain, identity: Identity, request: RenameRequest): void {
  const { store } = domain;
  const entry = resolve(store, request.dn);
  const [rdn, ...others] = parseName(request.newRdn);
  if (!rdn || others.length > 0) throw badName(request.newRdn);
  const parent = request.newSuperior ? resolve(store, request.newSuperior) : entry.parent;
  if (!identity.isAdministrator) throw accessDenied("00000005");
  const isSystem = entry.isContextHead || entry.attributes.has("iscriticalsystemobject");
  if (!parent || isSystem || parent === entry || parent.isBelow(entry)) throw unwilling("00002077");
  if (rdn.type.toLowerCase() !== entry.rdn.type.toLowerCase()) {
    throw updateFailure(CODE.namingViolation, "00002099", 6001);
  }
  const holder = store.findByKey(`${rdnKey(rdn)},${parent.key}`);
  if (holder && holder !== entry) throw updateFailure(CODE.entryAlreadyExists, "00002071", 6005);
  store.move(entry, { type: entry.rdn.type, value: rdn.value }, parent);
}

import { DELEGATED_RIGHTS, type DelegatedRight } from "../../localDirectory.ts";
import type { Entry } from "../store/entry.ts";
import type { Identity } from "./identity.ts";

interface Grant {
  readonly sid: Buffer;
  readonly ou: Entry;
  readonly rights: ReadonlySet<DelegatedRight>;
}

/**
 * Rights on the users below organisational units. They are looked up at each write, so that a new
 * one counts on open connections too. As with inherited entries for class `user`, computers and
 * inetOrgPersons are not meant.
 */
export class Delegations {
  private readonly grants: Grant[] = [];

  give(account: Entry, ou: Entry, rights: readonly DelegatedRight[] = DELEGATED_RIGHTS): void {
    const sid = account.attributes.get("objectsid")?.[0];
    if (!sid) throw new Error(`${account.dn} has no SID to give rights to`);
    this.grants.push({ sid, ou, rights: new Set(rights) });
  }

  allows(identity: Identity, right: DelegatedRight, target: Entry): boolean {
    if (identity.isAdministrator) return true;
    const className = target.attributes.get("objectclass")?.at(-1)?.toString("utf8");
    return (
      className === "user" &&
      this.grants.some(
        (grant) =>
          grant.rights.has(right) &&
          target.isBelow(grant.ou) &&
          identity.sids.some((sid) => sid.equals(grant.sid)),
      )
    );
  }
}

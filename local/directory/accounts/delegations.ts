import { DELEGATED_RIGHTS, type DelegatedRight } from "../../localDirectory.ts";
import type { Entry } from "../store/entry.ts";
import type { Identity } from "./identity.ts";

interface Grant {
  readonly sid: Buffer;
  readonly ou: Entry;
  readonly rights: ReadonlySet<DelegatedRight>;
}

function sidOf(account: Entry): Buffer {
  const sid = account.attributes.get("objectsid")?.[0];
  if (!sid) throw new Error(`${account.dn} has no SID to give rights to`);
  return sid;
}

/**
 * Rights on the users below organisational units. They are looked up at each write, so that a new
 * one counts on open connections too. As with inherited entries for class `user`, computers and
 * inetOrgPersons are not meant.
 */
export class Delegations {
  private readonly grants: Grant[] = [];
  private readonly readers: { readonly sid: Buffer; readonly container: Entry }[] = [];

  give(account: Entry, ou: Entry, rights: readonly DelegatedRight[] = DELEGATED_RIGHTS): void {
    this.grants.push({ sid: sidOf(account), ou, rights: new Set(rights) });
  }

  /** Lets an account read what is below a container, where others see names only. */
  letRead(account: Entry, container: Entry): void {
    this.readers.push({ sid: sidOf(account), container });
  }

  mayRead(identity: Identity, target: Entry): boolean {
    return (
      identity.isAdministrator ||
      this.readers.some(
        ({ sid, container }) =>
          target.isBelow(container) && identity.sids.some((each) => each.equals(sid)),
      )
    );
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

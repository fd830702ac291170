import { DELEGATED_RIGHTS, type DelegatedRight } from "../../localDirectory.ts";
import type { Entry } from "../store/entry.ts";
import type { Identity } from "./identity.ts";
import { isHolder } from "./protection.ts";

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

/** Rights given on AdminSDHolder are those of protected accounts, which inherit none. */
const reaches = ({ ou }: Grant, target: Entry): boolean =>
  target.inheritsRights ? target.isBelow(ou) : isHolder(ou);

/**
 * Rights on the users below organisational units. They are looked up at each write, so that a new
 * one counts on open connections too. As with inherited entries for class `user`, computers and
 * inetOrgPersons are not meant.
 */
export class Delegations {
  private readonly grants: Grant[] = [];
  private readonly mayNotChange = new Set<Entry>();
  private unexpireIsWithheld = false;
  private readonly readers: { readonly sid: Buffer; readonly container: Entry }[] = [];

  give(account: Entry, ou: Entry, rights: readonly DelegatedRight[] = DELEGATED_RIGHTS): void {
    this.grants.push({ sid: sidOf(account), ou, rights: new Set(rights) });
  }

  /** Lets an account read what is below a container, where others see names only. */
  letRead(account: Entry, container: Entry): void {
    this.readers.push({ sid: sidOf(account), container });
  }

  /** Denies everybody the right to change this account's password, its owner included. */
  forbidChange(target: Entry): void {
    this.mayNotChange.add(target);
  }

  mayChange(target: Entry): boolean {
    return !this.mayNotChange.has(target);
  }

  /** Takes Unexpire Password away from everybody but administrators. */
  withholdUnexpire(): void {
    this.unexpireIsWithheld = true;
  }

  /** By default everybody may, by an entry on the domain's head (MS-SAMR 3.1.1.8.7). */
  mayUnexpire(identity: Identity): boolean {
    return identity.isAdministrator || !this.unexpireIsWithheld;
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
          reaches(grant, target) &&
          identity.sids.some((sid) => sid.equals(grant.sid)),
      )
    );
  }
}

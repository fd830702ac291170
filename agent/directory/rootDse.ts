import type { Entry, SearchOptions } from "ldapts";
import { text, texts } from "./entry.ts";
import { generalizedTime } from "./fileTime.ts";
import { ownSids } from "./guard/ownSids.ts";

/** What a domain controller says of itself (MS-ADTS 3.1.1.3.2). */
export interface RootDse {
  /** DNS name, or the host that was dialled where the server names none. */
  readonly server: string;
  readonly supportedControls: ReadonlySet<string>;
  /** Whether this is Samba: it refuses policy hints together with "must change" in one modify. */
  readonly samba: boolean;
  /** SIDs of the agent's account and its groups; undefined where they cannot be read. */
  readonly ownSids: ReadonlySet<string> | undefined;
  /** Distinguished name of the head of the domain, which holds its policy. */
  readonly domain: string | undefined;
  /** Distinguished name of its NTDS settings object, by which roles name it: `dsServiceName`. */
  readonly settingsName: string | undefined;
  /** Whether it is a read-only domain controller. */
  readonly isReadOnly: boolean;
  /** False where it says that it has not caught up with the others since it was started. */
  readonly isSynchronized: boolean;
  /** FILETIME of the moment of the answer, by the server's clock; whole seconds. */
  readonly currentTime: bigint | undefined;
}

/**
 * Every attribute is named: servers leave out `supportedControl` and others otherwise.
 * `tokenGroups` tells who the connection is bound as.
 */
export const ROOT_DSE_SEARCH: SearchOptions = {
  scope: "base",
  filter: "(objectClass=*)",
  attributes: [
    "dnsHostName",
    "supportedControl",
    "supportedCapabilities",
    "vendorName",
    "defaultNamingContext",
    "dsServiceName",
    "isSynchronized",
    "currentTime",
    "tokenGroups",
  ],
  explicitBufferAttributes: ["tokenGroups"],
};

/** LDAP_CAP_ACTIVE_DIRECTORY_PARTIAL_SECRETS_OID: an RODC (MS-ADTS 3.1.1.3.4.3). */
const PARTIAL_SECRETS = "1.2.840.113556.1.4.1920";

export const readRootDse = (entry: Entry, dialled: string): RootDse => ({
  server: (text(entry, "dnsHostName") ?? dialled).slice(0, 255),
  supportedControls: new Set(texts(entry, "supportedControl")),
  samba: /samba/i.test(text(entry, "vendorName") ?? ""),
  ownSids: ownSids(entry),
  domain: text(entry, "defaultNamingContext"),
  settingsName: text(entry, "dsServiceName"),
  isReadOnly: texts(entry, "supportedCapabilities")?.includes(PARTIAL_SECRETS) ?? false,
  isSynchronized: text(entry, "isSynchronized") !== "FALSE",
  currentTime: generalizedTime(text(entry, "currentTime") ?? ""),
});

/** Whether accounts may be written there: what it reads may be stale, or it only refers onward. */
export const canTakeWrites = ({ isReadOnly, isSynchronized }: RootDse): boolean =>
  !isReadOnly && isSynchronized;

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
  /** FILETIME of the moment of the answer, by the server's clock; whole seconds. */
  readonly currentTime: bigint | undefined;
}

/** Every attribute is named: servers leave out `supportedControl` and others otherwise. */
export const ROOT_DSE_SEARCH: SearchOptions = {
  scope: "base",
  filter: "(objectClass=*)",
  attributes: [
    "dnsHostName",
    "supportedControl",
    "vendorName",
    "defaultNamingContext",
    "currentTime",
  ],
};

/** The same and who the connection is bound as, for the start of a connection. */
export const FIRST_SEARCH: SearchOptions = {
  ...ROOT_DSE_SEARCH,
  attributes: [...(ROOT_DSE_SEARCH.attributes ?? []), "tokenGroups"],
  explicitBufferAttributes: ["tokenGroups"],
};

export const readRootDse = (entry: Entry, dialled: string): RootDse => ({
  server: (text(entry, "dnsHostName") ?? dialled).slice(0, 255),
  supportedControls: new Set(texts(entry, "supportedControl")),
  samba: /samba/i.test(text(entry, "vendorName") ?? ""),
  ownSids: ownSids(entry),
  domain: text(entry, "defaultNamingContext"),
  currentTime: generalizedTime(text(entry, "currentTime") ?? ""),
});

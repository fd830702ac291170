import type { Entry, SearchOptions } from "ldapts";
import { text, texts } from "./entry.ts";

/** What a domain controller says of itself (MS-ADTS 3.1.1.3.2). */
export interface RootDse {
  /** DNS name, or the host that was dialled where the server names none. */
  readonly server: string;
  readonly supportedControls: ReadonlySet<string>;
  /** Whether this is Samba: it refuses policy hints together with "must change" in one modify. */
  readonly samba: boolean;
}

/** Every attribute is named: servers leave out `supportedControl` and others otherwise. */
export const ROOT_DSE_SEARCH: SearchOptions = {
  scope: "base",
  filter: "(objectClass=*)",
  attributes: ["dnsHostName", "supportedControl", "vendorName"],
};

export const readRootDse = (entry: Entry, dialled: string): RootDse => ({
  server: (text(entry, "dnsHostName") ?? dialled).slice(0, 255),
  supportedControls: new Set(texts(entry, "supportedControl")),
  samba: /samba/i.test(text(entry, "vendorName") ?? ""),
});

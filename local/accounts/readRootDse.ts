import { type DirectoryAddress, directoryClient } from "./connect.ts";
import { textOf, textsOf } from "./values.ts";

/** What a server says about itself to anyone (MS-ADTS §3.1.1.3.2). */
export interface RootDse {
  readonly defaultNamingContext: string;
  readonly supportedControl: readonly string[];
  /** GeneralizedTime, for instance `20260102030405.0Z`. */
  readonly currentTime: string;
  /** Empty where the server does not say, as on Windows. */
  readonly vendorName: string;
  readonly vendorVersion: string;
}

/** Reads the root entry without binding. */
export async function readRootDse(address: DirectoryAddress): Promise<RootDse> {
  const client = directoryClient(address);
  try {
    const names = [
      "defaultNamingContext",
      "supportedControl",
      "currentTime",
      "vendorName",
      "vendorVersion",
    ];
    const { searchEntries } = await client.search("", { scope: "base", attributes: names });
    const entry = searchEntries[0];
    if (!entry) throw new Error("The root entry cannot be read");
    return {
      defaultNamingContext: textOf(entry, "defaultNamingContext"),
      supportedControl: textsOf(entry, "supportedControl"),
      currentTime: textOf(entry, "currentTime"),
      vendorName: textOf(entry, "vendorName"),
      vendorVersion: textOf(entry, "vendorVersion"),
    };
  } finally {
    await client.unbind().catch(() => {});
  }
}

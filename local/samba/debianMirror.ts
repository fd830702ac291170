import { readFile } from "node:fs/promises";
import { run } from "./run.ts";

const DEBIAN_SUITES = ["stable", "oldstable", "testing", "unstable", "sid"];

async function codename(): Promise<string | undefined> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^VERSION_CODENAME=(\S+)/m.exec(text)?.[1];
}

/**
 * The Debian mirror that this machine's apt is configured to use (`DEBIAN_MIRROR` wins), so that no
 * host name is written down here.
 *
 * @throws Error that says what to do, if apt knows none
 */
export async function debianMirror(): Promise<string> {
  const named = process.env.DEBIAN_MIRROR;
  if (named) return named.replace(/\/+$/, "");
  const suites = [await codename(), ...DEBIAN_SUITES].filter((suite) => suite !== undefined);
  const listing = await run(["apt-get", "--print-uris", "update"]).catch((cause: unknown) => {
    throw new Error("Samba is unpacked from Debian packages, which needs apt-get", { cause });
  });
  for (const suite of suites) {
    const address = new RegExp(`^'(.+?)/+dists/${suite}/InRelease'`, "m").exec(listing)?.[1];
    if (address) return address;
  }
  throw new Error("apt is configured with no Debian mirror: name one in DEBIAN_MIRROR");
}

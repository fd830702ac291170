import { join } from "node:path";
import { type Privilege, privilege } from "./privilege.ts";
import { provisionedDomain } from "./provision.ts";
import type { SambaVersion } from "./releases.ts";
import { rootFilesystem } from "./rootFilesystem.ts";

/** What every server of a version is started from. */
export interface PreparedSamba {
  readonly means: Privilege;
  readonly root: string;
  readonly domain: string;
}

/** Where fetched and provisioned files are kept, unless named otherwise. */
export const sambaCache = (): string => join(process.cwd(), ".cache", "samba");

/**
 * Fetches and provisions a version unless that was done before: about 15 s the first time.
 *
 * @param wanted by what means, instead of the first that this machine offers
 * @throws Error that says what is missing: the right to run it, apt, or a mirror that answers
 */
export async function prepareSamba(
  version: SambaVersion,
  cache: string = sambaCache(),
  wanted?: Privilege,
): Promise<PreparedSamba> {
  const means = wanted ?? (await privilege());
  const root = await rootFilesystem(version, cache);
  return { means, root, domain: await provisionedDomain(means, root) };
}

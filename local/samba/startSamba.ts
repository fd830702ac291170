import { asAdministrator, type DirectoryAddress } from "../accounts/connect.ts";
import { readRootDse } from "../accounts/readRootDse.ts";
import type { LocalCertificates } from "../certificates.ts";
import { DELEGATED_RIGHTS, type LocalDirectory } from "../localDirectory.ts";
import { BASE_DN, DC_HOST } from "../samples.ts";
import { administer } from "./administer.ts";
import { delegate, forbidChange, letRead, protect, withholdUnexpire } from "./delegate.ts";
import { SAMBA_DOMAIN } from "./domain.ts";
import { type LaunchedSamba, launch } from "./launch.ts";
import { prepareSamba } from "./prepareSamba.ts";
import type { Privilege } from "./privilege.ts";
import { SAMBA_RELEASES, type SambaVersion } from "./releases.ts";

const POLICY_HINTS = ["1.2.840.113556.1.4.2239", "1.2.840.113556.1.4.2066"];

export interface SambaOptions {
  readonly version: SambaVersion;
  readonly certificates: LocalCertificates;
  /** Where fetched files are kept: `.cache/samba` in the working directory unless named. */
  readonly cache?: string;
  /** By what means, instead of the first that this machine offers. */
  readonly means?: Privilege;
}

/** A Samba domain controller on this machine. */
export interface SambaDirectory extends LocalDirectory {
  readonly kind: "samba";
  /**
   * Runs a shell script as root on the domain controller, with `samba-tool` among its commands.
   *
   * @returns what it printed
   */
  administer(script: string): Promise<string>;
}

/** What a suite delivers moves on; tests of one dialect must not run on the other unnoticed. */
async function checkPolicyHints(version: SambaVersion, address: DirectoryAddress): Promise<void> {
  const { supportedControl, vendorVersion } = await readRootDse(address);
  const expected = SAMBA_RELEASES[version].policyHints;
  const advertised = POLICY_HINTS.filter((oid) => supportedControl.includes(oid));
  if (advertised.length === (expected ? POLICY_HINTS.length : 0)) return;
  const what = expected ? "must advertise" : "must not advertise";
  throw new Error(`Samba ${version} ${what} the policy-hints controls; ${vendorVersion} differs`);
}

async function stop(launched: LaunchedSamba): Promise<void> {
  await launched.process.stop();
  await launched.remove();
}

/**
 * Starts a real Samba domain controller with an empty domain of its own, on loopback. It ends with
 * this process at the latest. The first start of a version fetches and provisions it (15 s); after
 * that one takes 0.2 s.
 *
 * @throws Error that says what is missing, or with the end of Samba's log
 */
export async function startSamba(options: SambaOptions): Promise<SambaDirectory> {
  const { version, certificates } = options;
  const prepared = await prepareSamba(version, options.cache, options.means);
  const launched = await launch(prepared, certificates);
  const directory: SambaDirectory = {
    kind: "samba",
    url: `ldaps://${launched.host}:${launched.port}`,
    servername: DC_HOST,
    ca: certificates.ca,
    caFile: certificates.caFile,
    baseDn: BASE_DN,
    administrator: SAMBA_DOMAIN.administrator,
    delegate: (account, ou, rights = DELEGATED_RIGHTS) =>
      asAdministrator(directory, (client) => delegate(client, BASE_DN, account, ou, rights)),
    letRead: (account, container) =>
      asAdministrator(directory, (client) => letRead(client, BASE_DN, account, container)),
    forbidChange: (user) => asAdministrator(directory, (client) => forbidChange(client, user)),
    protect: (user) => asAdministrator(directory, (client) => protect(client, BASE_DN, user)),
    withholdUnexpire: () =>
      asAdministrator(directory, (client) => withholdUnexpire(client, BASE_DN)),
    administer: (script) => administer(prepared, launched.folder, script),
    stop: () => stop(launched),
    kill: () => launched.process.kill(),
    freeze: () => launched.process.freeze(),
    thaw: () => launched.process.thaw(),
  };
  try {
    await checkPolicyHints(version, directory);
    return directory;
  } catch (error) {
    await directory.stop();
    throw error;
  }
}

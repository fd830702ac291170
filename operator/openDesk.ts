import { setTimeout as sleep } from "node:timers/promises";
import { trustAlso } from "../workstation/certificateAuthority.ts";
import { credentialOf } from "../workstation/credential.ts";
import { readIfThere, replaceFile } from "../workstation/files.ts";
import { openApi } from "./api.ts";
import type { Desk } from "./desk.ts";
import { readProfile } from "./profile.ts";
import { rememberRootKey } from "./rememberRootKey.ts";
import { resourceManagerOf } from "./resourceManager.ts";
import { openSite } from "./site.ts";
import { TrustAuthority } from "./trustAuthority.ts";
import { openOperatorVault } from "./vault.ts";

/** Where the newest list that was seen is kept, beside the profile. */
export const copyFile = (profileFile: string): string =>
  `${profileFile.replace(/\.json$/, "")}.trustList`;

/** Opens everything that a profile names. Nothing is asked of anybody yet. @throws CommandError */
export async function openDesk(
  profileFile: string,
  given: Pick<Desk, "approved" | "serial" | "print">,
): Promise<Desk> {
  const profile = await readProfile(profileFile);
  if (profile.caFile !== undefined) trustAlso(profile.caFile);
  // One for each: the library sends the same assertion for all tokens of a credential, and an
  // authority may take an assertion once only (RFC 7523 section 3).
  const vault = openOperatorVault(profile, await credentialOf(profile));
  const api = openApi(profile, await credentialOf(profile));
  const { site, management = resourceManagerOf(profile.authority) } = profile;
  const copy = copyFile(profileFile);
  const keep = (jws: string) => replaceFile(copy, `${jws}\n`);
  const kept = () => readIfThere(copy, "copy of the trust list");
  return {
    ...given,
    profile,
    vault,
    agents: () => api.agents(),
    connectors: () => api.connectors(),
    ready: () => api.ready(),
    site: site === undefined ? site : openSite(management, site, await credentialOf(profile)),
    remember: (rootKey) => rememberRootKey(profileFile, rootKey, given.print),
    authority: new TrustAuthority({ vault, place: api, profile, keep, kept }),
    now: Date.now,
    sleep,
  };
}

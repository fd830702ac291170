import { keyFingerprint } from "@password-writeback/protocol/enrolment.ts";
import type { PublicKey } from "@password-writeback/protocol/trustList.ts";
import { CommandError } from "../../workstation/commandError.ts";
import { approve, type Desk, issue, nothingToSign } from "../desk.ts";
import { firstList } from "../nextList.ts";
import { ROOT_KEY_SETTING, type Site, SiteRefusedError } from "../site.ts";
import { untilReady } from "../untilReady.ts";
import type { VaultKey } from "../vault.ts";

/**
 * `init`: finds or makes root key and signing key, puts the root key into the functions' settings,
 * waits for them and signs the first list. Where the profile names no site it prints the setting
 * and ends before the functions have it; it is run again then.
 */
export async function init(desk: Desk): Promise<void> {
  const { profile } = desk;
  const found = await desk.vault.newest(profile.rootKeyName);
  const signing = await desk.vault.newest(profile.signingKeyName);
  const deployed = await deployedOf(desk);
  assertSame(desk, found, deployed?.key);
  approveAll(desk, found, signing, deployed);
  const root = found ?? (await desk.vault.create(profile.rootKeyName));
  const key = signing ?? (await desk.vault.create(profile.signingKeyName));
  if (!found) printRoot(desk, root);
  if (!deployed) printSetting(desk, root);
  if (desk.approved) await desk.remember(root.key);
  if (deployed && !deployed.key) {
    await deployed.site.setRootKey(root.key);
    desk.print(`${ROOT_KEY_SETTING} of the site "${deployed.site.name}" is set.`);
  }
  if (deployed && desk.approved) await untilReady(desk);
  const current = await desk.authority.current();
  if (current.list) return nothingToSign(desk, `List ${current.list.serial} is in force.`);
  await issue(desk, current, firstList(key, desk.now()));
}

/** The site, and the root key in its settings. */
interface Deployed {
  readonly site: Site;
  readonly key: PublicKey | undefined;
}

/** Undefined where the profile names no site, or the operator may not see its settings. */
async function deployedOf({ site, print }: Desk): Promise<Deployed | undefined> {
  if (!site) return undefined;
  try {
    return { site, key: await site.rootKey() };
  } catch (error) {
    if (!(error instanceof SiteRefusedError)) throw error;
    print(`${error.message}\n`);
    return undefined;
  }
}

const isSame = (one: PublicKey, other: PublicKey): boolean =>
  one.x === other.x && one.y === other.y;
const REPLACED =
  "Agents trust the root key that they were enrolled with: a new one is for a disaster, and by " +
  'hand (docs/enrolment.md, "When something is compromised").';

/** @throws CommandError: vault, profile and functions do not have the same root key */
function assertSame(
  { profile }: Desk,
  found: VaultKey | undefined,
  deployed: PublicKey | undefined,
): void {
  const { rootKey: pinned, rootKeyName: name } = profile;
  const key = found?.key;
  if (pinned && !key)
    throw new CommandError(
      `The profile has a root key, and the vault has no "${name}". ${REPLACED}`,
    );
  if (pinned && key && !isSame(pinned, key))
    throw new CommandError("The vault's root key is not the one of the profile.");
  if (deployed && !(key && isSame(deployed, key)))
    throw new CommandError(
      `${ROOT_KEY_SETTING} of the functions is another key than the vault's "${name}". ${REPLACED}`,
    );
}

/** Says what there is and what is to be made. @throws NotApprovedError */
function approveAll(
  desk: Desk,
  root: VaultKey | undefined,
  signing: VaultKey | undefined,
  deployed: Deployed | undefined,
): void {
  const { rootKeyName, signingKeyName } = desk.profile;
  if (root) printRoot(desk, root);
  else desk.print(`To be made: root key "${rootKeyName}", EC P-256, not exportable.`);
  if (signing) desk.print(`Signing key "${signingKeyName}": ${signing.kid}`);
  else desk.print(`To be made: signing key "${signingKeyName}", EC P-256, not exportable.`);
  const isToSet = deployed !== undefined && !deployed.key;
  if (isToSet) desk.print(`To be set: ${ROOT_KEY_SETTING} of the site "${deployed.site.name}".`);
  if (!root || !signing) approve(desk, "make these keys");
  if (isToSet) approve(desk, "set the root key and sign the first list");
}

function printRoot({ profile, print }: Desk, { kid, key }: VaultKey): void {
  print(`Root key "${profile.rootKeyName}": ${kid}`);
  print(`Fingerprint of the root key: ${keyFingerprint(key)}`);
}

function printSetting({ print }: Desk, { key }: VaultKey): void {
  print(`Setting of the functions:

${ROOT_KEY_SETTING}=${JSON.stringify(key)}

The functions start only with this setting. Where they have it not yet, deploy it, then run \`init\`
again for the first list.
`);
}

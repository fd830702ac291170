import { keyFingerprint } from "@password-writeback/protocol/enrolment.ts";
import { approve, type Desk, issue, nothingToSign } from "../desk.ts";
import { firstList } from "../nextList.ts";
import type { VaultKey } from "../vault.ts";

/**
 * `init`: finds or makes root key and signing key, says what the functions' settings need, and
 * signs the first list. Before the functions have the setting it ends there; it is run again then.
 */
export async function init(desk: Desk): Promise<void> {
  const { profile } = desk;
  const found = await desk.vault.newest(profile.rootKeyName);
  const signing = await desk.vault.newest(profile.signingKeyName);
  if (found) desk.print(`Root key "${profile.rootKeyName}": ${found.kid}`);
  else desk.print(`To be made: root key "${profile.rootKeyName}", EC P-256, not exportable.`);
  if (signing) desk.print(`Signing key "${profile.signingKeyName}": ${signing.kid}`);
  else desk.print(`To be made: signing key "${profile.signingKeyName}", EC P-256, not exportable.`);
  if (!found || !signing) approve(desk, "make these keys");
  const root = found ?? (await desk.vault.create(profile.rootKeyName));
  const key = signing ?? (await desk.vault.create(profile.signingKeyName));
  printSetting(desk, root);
  const current = await desk.authority.current();
  if (current.list) return nothingToSign(desk, `List ${current.list.serial} is in force.`);
  await issue(desk, current, firstList(key, desk.now()));
}

function printSetting(desk: Desk, root: VaultKey): void {
  desk.print(`Fingerprint of the root key: ${keyFingerprint(root.key)}
Setting of the functions, and "rootKey" of the profile:

ROOT_PUBLIC_KEY=${JSON.stringify(root.key)}

The functions start only with this setting: deploy it, then run \`init\` again for the first list.
`);
}

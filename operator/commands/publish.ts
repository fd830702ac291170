import { verifyTrustList } from "@password-writeback/protocol/trustList.ts";
import { CommandError } from "../../workstation/commandError.ts";
import { readTextFile } from "../../workstation/files.ts";
import { approve, type Desk } from "../desk.ts";
import { listText } from "../listText.ts";
import { serialOf } from "../trustAuthority.ts";

/** `publish FILE`: puts the newest list back where somebody has altered or removed it. */
export async function publish(desk: Desk, file: string): Promise<void> {
  const jws = (await readTextFile(file, "list")).trim();
  const root = await desk.authority.root();
  const list = await verifyTrustList(jws, root.key, 0).catch(() => {
    throw new CommandError("The list of this file is not by the root key.");
  });
  const counted = serialOf(root);
  if (list.serial < counted)
    throw new CommandError(
      `The file has list ${list.serial}, but the root key counts ${counted}: find the newest one.`,
    );
  desk.print(`To be put back:\n\n${listText(list, desk.now())}`);
  approve(desk, `publish list ${list.serial}`);
  await desk.authority.publish(jws);
  desk.print(`\nList ${list.serial} is in force.`);
}

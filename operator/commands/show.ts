import { keyFingerprint } from "@password-writeback/protocol/enrolment.ts";
import { type Desk, inForce } from "../desk.ts";
import { listText } from "../listText.ts";

/** `show`: the list in force, after it was verified with the root key and held against its tag. */
export async function show(desk: Desk): Promise<void> {
  const { list, root, tag } = await inForce(desk);
  desk.print(listText(list, desk.now()));
  desk.print(`Root key ${root.kid}\n  fingerprint ${keyFingerprint(root.key)}, counts list ${tag}`);
  if (tag >= list.serial) return;
  if (desk.approved) {
    await desk.authority.count();
    desk.print(`It counts list ${list.serial} now.`);
  } else
    desk.print("An earlier command ended before it had counted this list: run any with --yes.");
}

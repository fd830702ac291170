import type { Privilege } from "./privilege.ts";

/** Devices of the machine appear inside only where we could not make nodes of our own. */
const WITH_DEVICES = 'mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"';
const UNSHARE = ["unshare", "--user", "--map-root-user", "--net", "--mount"];

/**
 * The command line that runs a command with a folder as its root filesystem: by `exec` all the way,
 * so that the command has the process id of what is started. In namespaces it has a network of its
 * own, too.
 */
export function enter(
  means: Privilege,
  root: string,
  command: readonly string[],
): readonly string[] {
  if (means === "root") return ["chroot", root, ...command];
  return [...UNSHARE, "sh", "-ec", WITH_DEVICES, root, ...command];
}

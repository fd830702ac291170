import { enter } from "./enter.ts";
import type { PreparedSamba } from "./prepareSamba.ts";
import { run } from "./run.ts";

/**
 * Runs a shell script on a server as its administrator would. `samba-tool` works on the database of
 * the server whose configuration is named in the environment.
 *
 * @param folder of the server, as Samba sees it
 * @returns what it printed
 * @throws Error with the end of its standard error, if one of its commands fails
 */
export const administer = (
  { means, root }: PreparedSamba,
  folder: string,
  script: string,
): Promise<string> => {
  const command = ["env", `SMB_CONF_PATH=${folder}/smb.conf`, "sh", "-ec", script];
  return run(enter(means, root, command));
};

import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SAMBA_DOMAIN } from "./domain.ts";
import { enter } from "./enter.ts";
import { makeFolder } from "./makeFolder.ts";
import type { Privilege } from "./privilege.ts";
import { run } from "./run.ts";

/**
 * What `samba-tool domain provision` calls. Called directly, it does not try to give the system
 * volume to root, which only root could do, and takes the password from standard input.
 */
const SCRIPT = `
import json, logging, sys
from samba.auth import system_session
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.param import LoadParm
from samba.provision import provision

wanted = json.load(sys.stdin)
empty = wanted["folder"] + "/empty.conf"
open(empty, "w").write("[global]\\n")
lp = LoadParm()
lp.load(empty)
lp.set("interfaces", "lo")
lp.set("bind interfaces only", "yes")
logger = logging.getLogger()
logger.setLevel(logging.ERROR)
provision(logger, system_session(), smbconf=None, targetdir=wanted["folder"],
          realm=wanted["realm"], domain=wanted["workgroup"], hostname=wanted["host"],
          hostip="127.0.0.1", adminpass=wanted["password"], serverrole="dc", dns_backend="NONE",
          dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2, lp=lp, use_ntvfs=False,
          skip_sysvolacl=True)
`;

/**
 * The domain as it is copied for every server that is started: provisioned once (about 3 s), then
 * kept and never run itself. It lies inside the root filesystem, where Samba can see it, and is
 * named after what it was made from, so that a change here makes a new one.
 *
 * @returns folder as seen from outside the root filesystem
 */
export async function provisionedDomain(means: Privilege, root: string): Promise<string> {
  const recipe = JSON.stringify([SCRIPT, SAMBA_DOMAIN]);
  const digest = createHash("sha256").update(recipe).digest("hex").slice(0, 8);
  const folder = join(root, "dc", `gold-${digest}`);
  await makeFolder(folder, async (draft) => {
    await mkdir(draft, { recursive: true });
    const wanted = {
      folder: draft.slice(root.length),
      realm: SAMBA_DOMAIN.realm,
      workgroup: SAMBA_DOMAIN.workgroup,
      host: SAMBA_DOMAIN.host,
      password: SAMBA_DOMAIN.administrator.password,
    };
    await run(enter(means, root, ["python3", "-c", SCRIPT]), { input: JSON.stringify(wanted) });
  });
  return folder;
}

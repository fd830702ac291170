import { randomBytes } from "node:crypto";
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Leaf } from "../certificates.ts";
import { configuration } from "./configuration.ts";
import { diffieHellmanParameters } from "./diffieHellmanParameters.ts";
import { endOrphan } from "./endOrphan.ts";
import { isAlive } from "./isAlive.ts";

const OWN_FOLDERS = ["tls", "run", "lock", "ncalrpc", "bind-dns", "cache", "state"];
const PREFIX = "server-";

export interface ServerFolderOptions {
  readonly root: string;
  /** The provisioned domain, to be copied. */
  readonly domain: string;
  readonly address: string;
  readonly certificate: Leaf;
  readonly ca: string;
}

/** Folders of servers whose process was killed with no chance to remove them. */
async function sweepServers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = Number(name.slice(PREFIX.length).split("-")[0]);
    if (!name.startsWith(PREFIX) || isAlive(pid)) continue;
    await endOrphan(join(parent, name));
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

/**
 * A copy of the provisioned domain with its own configuration and certificate (about 30 ms).
 *
 * @returns folder as seen from outside the root filesystem
 */
export async function serverFolder(options: ServerFolderOptions): Promise<string> {
  const parent = join(options.root, "dc");
  await sweepServers(parent);
  const name = `${PREFIX}${process.pid}-${randomBytes(4).toString("hex")}`;
  const folder = join(parent, name);
  await cp(options.domain, folder, { recursive: true, preserveTimestamps: true });
  for (const own of OWN_FOLDERS) await mkdir(join(folder, own), { recursive: true });
  const text = configuration({ folder: `/dc/${name}`, address: options.address });
  const secret = { mode: 0o600 };
  await Promise.all([
    writeFile(join(folder, "smb.conf"), text),
    writeFile(join(folder, "tls/ca.pem"), options.ca),
    writeFile(join(folder, "tls/server.pem"), options.certificate.certificate),
    writeFile(join(folder, "tls/server.key"), options.certificate.key, secret),
    writeFile(join(folder, "tls/dh.pem"), diffieHellmanParameters()),
  ]);
  return folder;
}

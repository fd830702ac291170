import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchPackages } from "./fetchPackages.ts";
import { makeFolder } from "./makeFolder.ts";
import { SAMBA_RELEASES, type SambaVersion } from "./releases.ts";
import { run } from "./run.ts";

const FOLDERS = [
  "usr/bin",
  "usr/sbin",
  "usr/lib",
  "usr/lib64",
  "etc",
  "tmp",
  "dev",
  "proc",
  "dc",
  "var/lib/samba/private",
  "var/log/samba",
  "run/samba",
];
const NEVER_READ = ["doc", "man", "locale", "info", "zoneinfo"];
const FILES: Readonly<Record<string, string>> = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  "etc/group": "root:x:0:\nusers:x:100:\nnogroup:x:65534:\n",
  "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
  "etc/hosts": "127.0.0.1 localhost\n",
};
/** Major and minor number. Without `urandom`, provisioning takes three times as long. */
const DEVICES = { null: ["1", "3"], random: ["1", "8"], urandom: ["1", "9"] } as const;

async function unpack(packages: readonly string[], root: string): Promise<void> {
  const extract = 'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2"';
  const flags = "--keep-directory-symlink --no-same-owner";
  for (const file of packages) await run(["sh", "-ec", `${extract} ${flags}`, "sh", file, root]);
}

async function makeDevices(root: string): Promise<void> {
  for (const [name, [major, minor]] of Object.entries(DEVICES)) {
    await run(["mknod", "-m", "666", join(root, "dev", name), "c", major, minor]);
  }
}

async function fill(version: SambaVersion, root: string): Promise<void> {
  for (const name of FOLDERS) await mkdir(join(root, name), { recursive: true });
  for (const name of ["bin", "sbin", "lib", "lib64"])
    await symlink(`usr/${name}`, join(root, name));
  const work = await mkdtemp(join(tmpdir(), "samba-packages-"));
  try {
    await unpack(await fetchPackages(SAMBA_RELEASES[version], work), root);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  for (const name of NEVER_READ) {
    await rm(join(root, "usr/share", name), { recursive: true, force: true });
  }
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(root, name), text);
  if (process.getuid?.() === 0) await makeDevices(root);
}

/**
 * A folder with Samba and all it needs, unpacked beside the machine's own software; no maintainer
 * script runs. Fetched at the first call (about 10 s, 230 MiB on disk), then kept.
 */
export async function rootFilesystem(version: SambaVersion, cache: string): Promise<string> {
  const root = join(cache, version, "root");
  await makeFolder(root, (draft) => fill(version, draft));
  return root;
}

import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { debianMirror } from "./debianMirror.ts";
import type { SambaRelease } from "./releases.ts";
import { SAMBA_PACKAGES } from "./releases.ts";
import { run } from "./run.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const ATTEMPTS = 4;
const FOLDERS = ["lists/partial", "cache/archives/partial", "etc"];

/** Options that keep apt away from the machine's own lists, packages and preferences. */
const aptOptions = (folder: string): string[] =>
  [
    `Dir::Etc::sourcelist=${folder}/etc/sources.list`,
    "Dir::Etc::sourceparts=/dev/null",
    "Dir::Etc::preferencesparts=/dev/null",
    `Dir::State::lists=${folder}/lists`,
    `Dir::State::status=${folder}/status`,
    `Dir::Cache=${folder}/cache`,
    "APT::Install-Recommends=false",
    "APT::Sandbox::User=",
    "Debug::NoLocking=1",
    "Acquire::Languages=none",
    "Acquire::Retries=3",
    "APT::Update::Error-Mode=any",
  ].flatMap((option) => ["-o", option]);

/** A mirror in mid-rotation answers 404 for a while: lists are read afresh each time. */
async function repeat(mirror: string, action: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await action();
      return;
    } catch (cause) {
      if (attempt === ATTEMPTS) {
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`Samba cannot be fetched from ${mirror}: ${message}`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * 2_000));
    }
  }
}

/**
 * Downloads Samba and all it depends on, signatures checked, into a work folder. Installs nothing
 * and needs no root.
 *
 * @returns the package files
 * @throws Error that names the mirror, if it does not deliver after some attempts
 */
export async function fetchPackages(release: SambaRelease, folder: string): Promise<string[]> {
  const mirror = await debianMirror();
  for (const name of FOLDERS) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, "status"), "");
  const suites = [release.suite, release.backports].filter((suite) => suite !== undefined);
  const sources = suites.map((suite) => `deb [signed-by=${KEYRING}] ${mirror} ${suite} main\n`);
  await writeFile(join(folder, "etc/sources.list"), sources.join(""));
  const apt = ["apt-get", "-qq", ...aptOptions(folder)];
  const preferred = release.backports ? ["-t", release.backports] : [];
  await repeat(mirror, async () => {
    await run([...apt, "update"]);
    await run([...apt, ...preferred, "install", "-y", "--download-only", ...SAMBA_PACKAGES]);
  });
  const archives = join(folder, "cache/archives");
  const names = await readdir(archives);
  return names.filter((name) => name.endsWith(".deb")).map((name) => join(archives, name));
}

/**
 * Installs the dependencies unless those of this lockfile are there already. Plain JavaScript:
 * it runs on whatever Node the machine has, before the Node that the project brings is installed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const LOCKFILE = "package-lock.json";
const STAMP = "node_modules/.installed";

const lockfile = readFileSync(LOCKFILE);
const wanted = createHash("sha256").update(lockfile).digest("hex");
if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== wanted) {
  // Not to the standard output, which may be another program's input.
  console.error("Installing dependencies (first run, or the lockfile has changed) …");
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  // Not `npm ci`: it refuses a lockfile that lacks binaries for other platforms, and registries
  // that mirror only some of them make npm write such lockfiles. `install` keeps to the versions.
  const run = spawnSync(command, [...first, "install", "--no-progress", "--loglevel=error"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
  if (!readFileSync(LOCKFILE).equals(lockfile)) writeFileSync(LOCKFILE, lockfile);
  writeFileSync(STAMP, wanted);
}

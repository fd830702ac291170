import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { oneOf } from "../commandLine/oneOf.ts";
import { askedOf } from "../commandLine/program.ts";
import { agentPackage } from "./build/agentPackage.ts";
import { functionsPackage } from "./build/functionsPackage.ts";
import { tarball } from "./build/tarball.ts";
import { writeFolder } from "./build/writeFolder.ts";
import { zip } from "./build/zip.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Here `npm pack` finds the same files that the build packs, beside the package's own. */
const AGENT = join(ROOT, "agent");
const MADE_THERE = /^(dist\/|LICENSE$|THIRD-PARTY-LICENSES\.txt$)/;
/** What is handed out, with its checksum. */
const ARTEFACT = /^(functions\.zip|password-writeback-agent-.+\.tgz)$/;

const { elsewhere, only } = askedOf({
  name: "npm run build --",
  does: "write what is deployed to dist/",
  options: {
    out: { value: "DIR", meaning: "write it there; the repository stays as it is" },
    only: oneOf(["functions", "agent"], "this half alone"),
  },
  needs: [],
  may: ["out", "only"],
  run: (values) => ({ elsewhere: values.out, only: values.only }),
});
const out = elsewhere === "" ? join(ROOT, "dist") : resolve(elsewhere);
const wanted = (half: string): boolean => only === "" || only === half;

async function buildFunctions(version: string): Promise<void> {
  const files = await functionsPackage(ROOT, version);
  writeFolder(join(out, "functions"), files);
  writeFileSync(join(out, "functions.zip"), zip(files));
}

async function buildAgent(version: string): Promise<void> {
  const files = await agentPackage(ROOT, version);
  writeFolder(join(out, "agent"), files);
  for (const name of readdirSync(out))
    if (name.endsWith(".tgz") && ARTEFACT.test(name)) rmSync(join(out, name));
  writeFileSync(join(out, `password-writeback-agent-${version}.tgz`), tarball(files));
  if (elsewhere !== "") return;
  rmSync(join(AGENT, "dist"), { recursive: true, force: true });
  for (const [name, content] of files) {
    if (!MADE_THERE.test(name)) continue;
    mkdirSync(dirname(join(AGENT, name)), { recursive: true });
    writeFileSync(join(AGENT, name), content);
  }
}

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
await Promise.all([
  ...(wanted("functions") ? [buildFunctions(version)] : []),
  ...(wanted("agent") ? [buildAgent(version)] : []),
]).catch((error: Error) => {
  console.error(`The build failed: ${error.message}`);
  process.exit(1);
});
const artefacts = readdirSync(out).filter((name) => ARTEFACT.test(name));
const sums = artefacts.sort().map((name) => {
  const content = readFileSync(join(out, name));
  console.log(`${join(out, name)}: ${(content.length / 1_000_000).toFixed(2)} MB`);
  return `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
});
writeFileSync(join(out, "SHA256SUMS"), sums.join(""));

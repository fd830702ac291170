import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { agentPackage } from "./build/agentPackage.ts";
import type { Files } from "./build/bundle.ts";
import { functionsPackage } from "./build/functionsPackage.ts";
import { pack } from "./build/pack.ts";
import { zip } from "./build/zip.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Where the agent's own package.json looks for it, in the repository. */
const AGENT = join(ROOT, "agent/dist");

const { values } = parseArgs({
  options: {
    /** Folder to write to, instead of `dist/`; the repository stays as it is. */
    out: { type: "string" },
    /** `functions` or `agent`: only this half. */
    only: { type: "string" },
  },
});
const out = values.out === undefined ? join(ROOT, "dist") : resolve(values.out);
const wanted = (half: string): boolean => (values.only ?? half) === half;
if (!wanted("functions") && !wanted("agent")) throw new Error("--only functions or --only agent");

function writeFolder(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of files) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** @returns what is handed out, as names in the folder of the build */
async function buildFunctions(version: string): Promise<string> {
  const files = await functionsPackage(ROOT, version);
  writeFolder(join(out, "functions"), files);
  writeFileSync(join(out, "functions.zip"), zip(files));
  return "functions.zip";
}

async function buildAgent(version: string): Promise<string> {
  const folder = join(out, "agent");
  writeFolder(folder, await agentPackage(ROOT, version));
  if (values.out === undefined) {
    rmSync(AGENT, { recursive: true, force: true });
    cpSync(join(folder, "dist"), AGENT, { recursive: true });
  }
  return pack(folder, out);
}

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const made = await Promise.all([
  ...(wanted("functions") ? [buildFunctions(version)] : []),
  ...(wanted("agent") ? [buildAgent(version)] : []),
]);
const sums = made.sort().map((name) => {
  const content = readFileSync(join(out, name));
  console.log(`${join(out, name)}: ${(content.length / 1_000_000).toFixed(2)} MB`);
  return `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
});
writeFileSync(join(out, "SHA256SUMS"), sums.join(""));

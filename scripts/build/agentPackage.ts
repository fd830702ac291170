import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, type Files } from "./bundle.ts";
import { licencesText, thirdParties } from "./thirdPartyLicences.ts";

/** What the agent's package.json tells those who install it; the rest is of use here only. */
interface Description {
  readonly name: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

/** @throws Error unless it says "this one or newer" */
function oldestNode(range = ""): number {
  const oldest = /^>=(\d+)$/.exec(range)?.[1];
  if (oldest === undefined) throw new Error(`agent/package.json names no oldest Node: ${range}`);
  return Number(oldest);
}

/** Runs on every Node there is: an older one would fail later, in words that help nobody. */
const refuseOlderNode = (oldest: number): string =>
  `if (parseInt(process.versions.node, 10) < ${oldest}) {
  console.error("The agent needs Node.js ${oldest} or newer. This is " + process.version + ".");
  process.exit(1);
}`;

/** What is installed on premises: one file with everything in it, so nothing else is fetched. */
export async function agentPackage(root: string, version: string): Promise<Files> {
  const { name, description, license, engines, bin } = JSON.parse(
    readFileSync(join(root, "agent/package.json"), "utf8"),
  ) as Description;
  const { files, inputs } = await bundle({
    root,
    entry: "agent/main.ts",
    name: "agent.cjs",
    first: refuseOlderNode(oldestNode(engines.node)),
  });
  const shipped = { name, version, description, license, private: true, engines, bin };
  return new Map([
    ...[...files].map(([file, content]) => [`dist/${file}`, content] as const),
    ["package.json", Buffer.from(`${JSON.stringify(shipped, null, 2)}\n`)],
    ["README.md", readFileSync(join(root, "agent/README.md"))],
    ["LICENSE", readFileSync(join(root, "LICENSE"))],
    ["THIRD-PARTY-LICENSES.txt", Buffer.from(licencesText(thirdParties(root, inputs)))],
  ]);
}

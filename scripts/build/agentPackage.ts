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

/** What is installed on premises: one file with everything in it, so nothing else is fetched. */
export async function agentPackage(root: string, version: string): Promise<Files> {
  const { files, inputs } = await bundle({ root, entry: "agent/main.ts", name: "agent.cjs" });
  const { name, description, license, engines, bin } = JSON.parse(
    readFileSync(join(root, "agent/package.json"), "utf8"),
  ) as Description;
  const shipped = { name, version, description, license, private: true, engines, bin };
  return new Map([
    ...[...files].map(([file, content]) => [`dist/${file}`, content] as const),
    ["package.json", Buffer.from(`${JSON.stringify(shipped, null, 2)}\n`)],
    ["README.md", readFileSync(join(root, "agent/README.md"))],
    ["LICENSE", readFileSync(join(root, "LICENSE"))],
    ["THIRD-PARTY-LICENSES.txt", Buffer.from(licencesText(thirdParties(root, inputs)))],
  ]);
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, type Files } from "./bundle.ts";
import { licencesText, thirdParties } from "./thirdPartyLicences.ts";

/** Source maps are switched on by a file of its own: in the bundle itself it would be too late. */
const BOOT = 'process.setSourceMapsEnabled(true);\nrequire("./main.cjs");\n';

/**
 * The folder that `func` and `azd` deploy as it is: nothing is installed or compiled in the
 * cloud.
 */
export async function functionsPackage(root: string, version: string): Promise<Files> {
  const { files, inputs } = await bundle({
    root,
    entry: "functions/main.ts",
    name: "main.cjs",
    // Exists inside the Functions worker only.
    external: ["@azure/functions-core"],
  });
  const description = { name: "password-writeback", version, type: "commonjs", main: "boot.cjs" };
  return new Map([
    ...files,
    ["boot.cjs", Buffer.from(BOOT)],
    ["host.json", readFileSync(join(root, "host.json"))],
    ["package.json", Buffer.from(`${JSON.stringify(description, null, 2)}\n`)],
    ["LICENSE", readFileSync(join(root, "LICENSE"))],
    ["THIRD-PARTY-LICENSES.txt", Buffer.from(licencesText(thirdParties(root, inputs)))],
  ]);
}

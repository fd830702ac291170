import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type BuildOptions, build } from "esbuild";

/** Folder that `func` and `azd` deploy as it is: nothing is installed or compiled in the cloud. */
const STAGING = "dist/functions";
const AGENT = "agent/dist";

const common = {
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  minify: true,
  keepNames: true,
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "none",
  logLevel: "warning",
} as const satisfies BuildOptions;

/** Source maps are switched on by a file of its own: in the bundle itself it would be too late. */
const BOOT = 'process.setSourceMapsEnabled(true);\nrequire("./main.cjs");\n';

async function buildFunctions(version: string): Promise<void> {
  rmSync(STAGING, { recursive: true, force: true });
  mkdirSync(STAGING, { recursive: true });
  await build({
    ...common,
    entryPoints: ["functions/main.ts"],
    outfile: `${STAGING}/main.cjs`,
    // Exists inside the Functions worker only.
    external: ["@azure/functions-core"],
  });
  writeFileSync(`${STAGING}/boot.cjs`, BOOT);
  copyFileSync("host.json", `${STAGING}/host.json`);
  const description = { name: "password-writeback", version, type: "commonjs", main: "boot.cjs" };
  writeFileSync(`${STAGING}/package.json`, `${JSON.stringify(description, null, 2)}\n`);
}

async function buildAgent(): Promise<void> {
  rmSync(AGENT, { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: ["agent/main.ts"],
    outfile: `${AGENT}/agent.cjs`,
  });
}

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
await buildFunctions(version);
await buildAgent();
console.log(`Built ${STAGING}/ and ${AGENT}/agent.cjs`);

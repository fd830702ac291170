import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { percentile } from "./timings.ts";

/** What is deployed, against the same app with its packages as they were installed. */
export interface PackageFigures {
  /** Loadings of each, in turns; every one in a new process. */
  readonly rounds: number;
  /** Milliseconds to load what is deployed: the median. */
  readonly bundled: number;
  /** Milliseconds with our sources compiled, and the packages in `node_modules`. */
  readonly unbundled: number;
  readonly zipBytes: number;
}

const ID = "11111111-1111-4111-8111-111111111111";

/** Every setting without which the app does not start, with harmless values. */
function settings(root: string): Record<string, string> {
  const { Values } = JSON.parse(readFileSync(join(root, "local.settings.json.example"), "utf8"));
  const coordinate = "A".repeat(43);
  return {
    ...Values,
    ROOT_PUBLIC_KEY: JSON.stringify({ kty: "EC", crv: "P-256", x: coordinate, y: coordinate }),
    TENANT_ID: ID,
    API_CLIENT_ID: ID,
    MANAGED_IDENTITY_CLIENT_ID: ID,
  };
}

/** Our sources as one file: the packages must be what makes the difference. */
async function compile(root: string, outfile: string): Promise<void> {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies: Readonly<Record<string, string>>;
  };
  const packages = Object.keys(dependencies).filter((name) => !name.endsWith("/protocol"));
  await build({
    absWorkingDir: root,
    entryPoints: ["functions/main.ts"],
    outfile,
    external: packages,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
  });
}

/** Loads the app so many times each way. It has to lie in the repository, for `node_modules`. */
export async function measureImport(root: string, rounds: number): Promise<PackageFigures> {
  mkdirSync(join(root, ".local"), { recursive: true });
  const folder = mkdtempSync(join(root, ".local", "import-"));
  try {
    const words = ["--only", "functions", "--out", folder];
    execFileSync(process.execPath, [join(root, "scripts/build.ts"), ...words], { stdio: "pipe" });
    const compiled = join(folder, "unbundled.cjs");
    await compile(root, compiled);
    const env = { PATH: process.env.PATH, ...settings(root) };
    const once = (file: string): number =>
      Number(
        execFileSync(process.execPath, [join(root, "test/bench/importOnce.cjs"), file], { env }),
      );
    const bundled: number[] = [];
    const unbundled: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      bundled.push(once(join(folder, "functions/boot.cjs")));
      unbundled.push(once(compiled));
    }
    return {
      rounds,
      bundled: percentile(bundled, 50),
      unbundled: percentile(unbundled, 50),
      zipBytes: statSync(join(folder, "functions.zip")).size,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

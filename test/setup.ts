import { performance } from "node:perf_hooks";
import { prepareSamba } from "../local/samba/prepareSamba.ts";
import type { SambaVersion } from "../local/samba/releases.ts";
import { sambaIsOff } from "./describeWithSamba.ts";

const VERSIONS: readonly SambaVersion[] = ["4.24", "4.17"];
/** Under this there was nothing to fetch, and nothing to tell. */
const NOTEWORTHY_MS = 1_000;

/** The part of jest's options that is looked at: the files that were named. */
interface RunOptions {
  readonly testPathPatterns: { readonly patterns: readonly string[] };
}

/**
 * Runs once before all suites: fetches and provisions Samba, so that the first suite to start one
 * does not pay for it. A run of named files leaves that to the suites that want it.
 *
 * @throws Error if Samba cannot be had and nobody said `SAMBA=off`
 */
export default async function setup(options: RunOptions): Promise<void> {
  if (sambaIsOff()) {
    console.log("SAMBA=off: the suites that need a real Samba domain controller are left out.");
    return;
  }
  if (options.testPathPatterns.patterns.length > 0) return;
  const start = performance.now();
  await Promise.all(VERSIONS.map((version) => prepareSamba(version)));
  const seconds = (performance.now() - start) / 1_000;
  if (seconds * 1_000 > NOTEWORTHY_MS) console.log(`Samba made ready in ${seconds.toFixed(0)} s.`);
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostSmoke } from "./hostSmoke.ts";

/** Lines of each log that are shown after a failure. */
const SHOWN = 100;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

execFileSync(process.execPath, ["scripts/build.ts"], { stdio: "inherit" });
const logs = mkdtempSync(join(tmpdir(), "smoke-"));
let isRight = false;
try {
  isRight = await hostSmoke({ folder: "dist/functions", host: ["func", "start"], logs, print });
  if (!isRight)
    for (const name of ["peers", "host"]) {
      const text = readFileSync(join(logs, `${name}.log`), { encoding: "utf8", flag: "a+" });
      print(`\n${name}:\n${text.split("\n").slice(-SHOWN).join("\n")}`);
    }
} finally {
  rmSync(logs, { recursive: true, force: true });
}
process.exit(isRight ? 0 : 1);
